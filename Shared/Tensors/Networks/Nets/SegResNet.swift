/// MONAI's SegResNet (Myronenko 2018, without the VAE branch): pre-activated residual blocks, stride-2 convolutions
/// down, 1×1×1 convolution and trilinear ×2 up, skips by addition. Parameters carry MONAI's state_dict names.
package enum SegResNet {}
