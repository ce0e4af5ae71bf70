/// What a voxel is of where there is no bone.
enum Tissue: UInt8, Sendable, CaseIterable {
    case air, skin, fat, muscle, fascia, visceralFat, bowel, bowelContrast, gas, lung, airway
    case artery, vein, plaque, heart, liver, spleen, kidney, bladder
    case disc, cord, fluid, brain, cartilage, table, metal
}
