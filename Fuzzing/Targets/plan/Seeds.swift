import Foundation
import Harness
import Networks
import Plans

enum Seeds {
    static func write(to folder: URL) throws {
        try Plan().json().write(to: folder.appending(path: "standard.json"))
        try Data("{}".utf8).write(to: folder.appending(path: "empty.json"))
        for architecture in Architecture.allCases {
            let text = "{\"network\":{\"architecture\":\"\(architecture.rawValue)\"}}"
            try Data(text.utf8).write(to: folder.appending(path: "\(architecture.rawValue).json"))
        }
        for (index, text) in layers.enumerated() {
            try Data(text.utf8).write(to: folder.appending(path: "layers-\(index).json"))
        }
    }

    /// Norms and activations as MONAI names them, classes that are parts of one label, images that keep their spacing,
    /// and what is no plan.
    private static let layers = [
        #"{"network": {"norm": ["INSTANCE", {"affine": true}], "act": ["LEAKYRELU", {"negative_slope": 0.2, "inplace": true}]}}"#,
        #"{"network": {"norm": "batch", "act": "prelu"}}"#,
        #"{"network": {"norm": ["group", {"num_groups": 4, "affine": false}]}}"#,
        #"{"labelSet": "toy", "classLabels": [0, 1, 1], "keepsSpacing": true, "resampling": "nnunet", "network": {"out_channels": 3}}"#,
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "<!DOCTYPE html><html></html>",
        #"{"patch": [NaN, Infinity]}"#,
    ]
}
