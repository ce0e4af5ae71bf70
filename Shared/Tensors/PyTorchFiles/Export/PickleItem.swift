/// What a file of `torch.save` is to hold. Tensors are written as float32.
package indirect enum PickleItem {
    case none
    case boolean(Bool)
    case integer(Int)
    case real(Double)
    case text(String)
    case list([PickleItem])
    case tuple([PickleItem])
    case dictionary([(String, PickleItem)])
    /// A state dict: names and, in `storages` of the writer, the position of their tensor. Two names may share one.
    case tensors([(name: String, storage: Int)])
}
