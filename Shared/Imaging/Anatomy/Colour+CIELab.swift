import Foundation

extension Colour {
    /// The colour in CIELab over the white of D50, the connection space of ICC profiles: L* 0…100, a* and b* −128…127.
    ///
    /// From sRGB (IEC 61966-2-1) by XYZ under D65, adapted to D50 by Bradford's method.
    package var cieLab: (lightness: Double, a: Double, b: Double) {
        func linear(_ channel: UInt8) -> Double {
            let value = Double(channel) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        let (r, g, b) = (linear(red), linear(green), linear(blue))
        // Rows: X, Y, Z of D50 over the white point, from linear sRGB with the adaptation multiplied in.
        let x = (0.4360747 * r + 0.3850649 * g + 0.1430804 * b) / 0.96422
        let y = 0.2225045 * r + 0.7168786 * g + 0.0606169 * b
        let z = (0.0139322 * r + 0.0971045 * g + 0.7141733 * b) / 0.82521
        func curve(_ t: Double) -> Double { t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116 }
        return (116 * curve(y) - 16, 500 * (curve(x) - curve(y)), 200 * (curve(y) - curve(z)))
    }

    /// As DICOM stores a display colour (PS3.3 C.10.7.1.1): L*, a*, b* each scaled to 0…65535.
    package var dicomCIELab: [UInt16] {
        let lab = cieLab
        func scaled(_ value: Double, from low: Double, to high: Double) -> UInt16 {
            UInt16((min(max((value - low) / (high - low), 0), 1) * 65535).rounded())
        }
        return [
            scaled(lab.lightness, from: 0, to: 100), scaled(lab.a, from: -128, to: 127),
            scaled(lab.b, from: -128, to: 127),
        ]
    }

    /// The sRGB colour nearest to a display colour of DICOM.
    package init(dicomCIELab values: [UInt16]) {
        precondition(values.count == 3, "a colour of CIELab has 3 values, got \(values.count)")
        let lightness = Double(values[0]) / 65535 * 100
        let (a, b) = (Double(values[1]) / 65535 * 255 - 128, Double(values[2]) / 65535 * 255 - 128)
        func curve(_ t: Double) -> Double { t * t * t > 216.0 / 24389 ? t * t * t : (116 * t - 16) * 27 / 24389 }
        let middle = (lightness + 16) / 116
        let (x, y, z) = (curve(middle + a / 500) * 0.96422, curve(middle), curve(middle - b / 200) * 0.82521)
        func encoded(_ value: Double) -> UInt8 {
            let value = min(max(value, 0), 1)
            return UInt8(((value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055) * 255).rounded())
        }
        self.init(
            red: encoded(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
            green: encoded(-0.9787684 * x + 1.9161415 * y + 0.0334540 * z),
            blue: encoded(0.0719453 * x - 0.2289914 * y + 1.4052427 * z))
    }
}
