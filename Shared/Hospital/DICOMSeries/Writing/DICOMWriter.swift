import DICOMDictionary
import Faults
package import Foundation
package import Volumes

/// Writes a volume as a series of CT Image Storage objects, anonymous and reproducible: the same volume, seed and
/// encoding give the same bytes.
package enum DICOMWriter {
    package enum Encoding: String, Sendable, CaseIterable, Codable {
        case explicitLittleEndian, implicitLittleEndian, runLength, losslessJPEG
    }

    /// What the header says besides the geometry. Everything else is empty or constant.
    package struct SeriesFacts: Sendable {
        /// All unique identifiers are made from this.
        package var seed: UInt64
        package var seriesNumber: Int
        package var description: String

        package init(seed: UInt64, seriesNumber: Int = 1, description: String = "phantom") {
            self.seed = seed
            self.seriesNumber = seriesNumber
            self.description = description
        }
    }

    /// One file per slice, `CT0001.dcm` … along k. Voxels are Hounsfield units.
    ///
    /// A grid whose k axis points against i × j comes back with k reversed: readers sort along the slice normal.
    /// - Throws: `DICOMError`: `fileNotWritable`, `invalidAttribute` for a sheared grid.
    package static func writeSeries(
        _ volume: Volume<Int16>, to folder: URL, facts: SeriesFacts, encoding: Encoding = .explicitLittleEndian
    ) throws(DICOMError) {
        let frame = try SliceFrame(volume.geometry)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw DICOMError(
                .fileNotWritable, "folder for the series cannot be made: check permissions and space", path: folder.path
            )
        }
        let storage = PixelStorage(volume.voxels)
        let shared = sharedAttributes(volume.geometry, frame: frame, storage: storage, facts: facts)
        let count = volume.geometry.size[0] * volume.geometry.size[1]
        for slice in 0..<volume.geometry.size[2] {
            let number = String(slice + 1)
            let own: [(AttributeTag, String)] = [
                (
                    .sopInstance,
                    UniqueIdentifier.make(
                        seed: facts.seed, purpose: 1000 + UInt64(facts.seriesNumber) << 32 + UInt64(slice))
                ),
                (.instanceNumber, number),
                (.imagePosition, frame.position(of: slice)),
            ]
            let name = "CT" + String(repeating: "0", count: max(0, 4 - number.count)) + number + ".dcm"
            let values = volume.voxels[slice * count..<(slice + 1) * count]
            try DICOMFile.write(
                (shared + own).map { (tag: $0.0, text: $0.1) }, pixels: values.map(storage.stored),
                encoding: encoding.fileEncoding, to: folder.appending(path: name).path)
        }
    }

    private static func sharedAttributes(
        _ geometry: Geometry, frame: SliceFrame, storage: PixelStorage, facts: SeriesFacts
    ) -> [(AttributeTag, String)] {
        let series = UInt64(facts.seriesNumber)
        return [
            (.specificCharacterSet, "ISO_IR 100"), (.imageType, "ORIGINAL\\PRIMARY\\AXIAL"),
            (.sopClass, SOPClass.computedTomographyImage), (.studyDate, ""), (.studyTime, ""), (.accessionNumber, ""),
            (.modality, "CT"),
            (.manufacturer, "Columna"), (.modelName, "Phantom"), (.referringPhysician, ""),
            (.seriesDescription, facts.description),
            (.patientName, "Phantom"), (.patientIdentifier, "phantom-\(facts.seed)"), (.patientBirthDate, ""),
            (.patientSex, ""),
            (.sliceThickness, frame.thickness), (.peakKilovoltage, "120"), (.spacingBetweenSlices, frame.thickness),
            (.convolutionKernel, "PHANTOM"), (.patientPosition, "HFS"),
            (.studyInstance, UniqueIdentifier.make(seed: facts.seed, purpose: 1)),
            (.seriesInstance, UniqueIdentifier.make(seed: facts.seed, purpose: 100 + series)),
            (.frameOfReference, UniqueIdentifier.make(seed: facts.seed, purpose: 2)), (.studyIdentifier, ""),
            (.seriesNumber, String(facts.seriesNumber)), (.acquisitionNumber, "1"), (.positionReference, ""),
            (.imageOrientation, frame.orientation), (.pixelSpacing, frame.pixelSpacing), (.samplesPerPixel, "1"),
            (.photometricInterpretation, "MONOCHROME2"), (.rows, String(geometry.size[1])),
            (.columns, String(geometry.size[0])),
            (.bitsAllocated, "16"), (.bitsStored, String(storage.bits)), (.highBit, String(storage.bits - 1)),
            (.pixelRepresentation, storage.isSigned ? "1" : "0"), (.windowCentre, "300"), (.windowWidth, "1500"),
            (.rescaleIntercept, String(storage.intercept)), (.rescaleSlope, "1"), (.rescaleType, "HU"),
        ]
    }
}

extension DICOMWriter.Encoding {
    fileprivate var fileEncoding: DICOMFile.Encoding {
        switch self {
        case .explicitLittleEndian: .explicit
        case .implicitLittleEndian: .implicit
        case .runLength: .runLength
        case .losslessJPEG: .losslessJPEG
        }
    }
}
