import Anatomy

extension IndexedRaster {
    /// Labels of a panel in their colours, translucent with a firm outline.
    init(labels: [UInt8], panel: SlicePanel, labelSet: LabelSet) {
        var palette = [Entry(colour: .black, opacity: 0)]
        for label in labelSet.labels {
            palette.append(Entry(colour: label.colour, opacity: 110))
            palette.append(Entry(colour: label.colour, opacity: 245))
        }
        let highest = labelSet.highestValue
        let pixels = labels.indices.map { position -> UInt8 in
            let label = labels[position]
            guard label != 0, label <= highest else { return 0 }
            let isEdge = panel.isEdge(labels, position % panel.width, position / panel.width)
            return label * 2 - (isEdge ? 0 : 1)
        }
        self.init(width: panel.width, height: panel.height, palette: palette, pixels: pixels)
    }
}
