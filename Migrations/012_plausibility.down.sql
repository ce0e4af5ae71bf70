-- Takes back 012: judgements are lost; segmenting again makes them anew.
DROP TABLE columna.segmentation_repairs;
DROP TABLE columna.segmentation_findings;
DROP TABLE columna.segmentation_classes;
DROP TABLE columna.segmentation_judgements;
