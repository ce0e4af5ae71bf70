/// How a training went, as the logger of nnU-Net's trainer keeps it (`LocalLogger` of
/// nnunetv2/training/logging/nnunet_logger.py): who loads the checkpoint can plot it or go on counting.
package struct NNUNetLog: Sendable {
    /// Not a number where it was not measured: each list has a value an epoch.
    package struct Epoch: Sendable {
        package var loss: Double
        package var validationLoss = Double.nan
        /// Of the patches, by class without background.
        package var dice: [Double] = []
        package var meanDice = Double.nan
        /// nnU-Net's running average of it.
        package var averageDice = Double.nan
        package var learningRate: Double
        /// Seconds since 1970.
        package var start = Double.nan
        package var end = Double.nan

        package init(loss: Double, learningRate: Double) { (self.loss, self.learningRate) = (loss, learningRate) }
    }

    /// In order, from the first.
    package var epochs: [Epoch]

    package init(_ epochs: [Epoch]) { self.epochs = epochs }

    var bestAverage: Double? { epochs.map(\.averageDice).filter { !$0.isNaN }.max() }

    /// Empty where nothing is known, as before anything was logged.
    var item: PickleItem {
        guard !epochs.isEmpty else { return .dictionary([]) }
        func list(_ value: (Epoch) -> Double) -> PickleItem { .list(epochs.map { .real(value($0)) }) }
        return .dictionary([
            ("mean_fg_dice", list(\.meanDice)), ("ema_fg_dice", list(\.averageDice)),
            ("dice_per_class_or_region", .list(epochs.map { .list($0.dice.map(PickleItem.real)) })),
            ("train_losses", list(\.loss)), ("val_losses", list(\.validationLoss)), ("lrs", list(\.learningRate)),
            ("epoch_start_timestamps", list(\.start)), ("epoch_end_timestamps", list(\.end)),
        ])
    }
}
