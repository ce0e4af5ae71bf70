import Metrics

/// What every number and colour means.
struct DefinitionsPage {
    let content: ReportContent

    func html() -> HTML {
        let rows = content.metrics.html { metric in
            """
            <tr><th scope="row">\(metric.row.heading)</th><td><code>\(metric.rawValue)</code></td><td>\(metric.unitText)</td><td>\(metric.betterText)</td>\
            <td class="text">\(metric.row.definition)</td><td>\(Blocks.scale(metric))</td></tr>
            """
        }
        let titles = ["Metric", "Name in files", "Unit", "Better", "Definition", "Colours"].html { title in
            title == "Definition" ? "<th scope=\"col\" class=\"text\">\(title)</th>" : "<th scope=\"col\">\(title)</th>"
        }
        return Blocks.section(
            id: "definitions", title: "Definitions",
            Blocks.table(
                caption:
                    "One class against the rest; TP, FP, FN, TN are voxels. Distances respect the voxels' spacing.",
                head: "<tr>\(titles)</tr>", body: rows, class: "definitions") + text)
    }

    private var text: HTML {
        """
        <h3>Undefined values</h3><p>A ratio whose denominator is 0, a distance to a surface that is not there, and everything of a class that is in neither truth nor \
        prediction have no value unless the policy for empty classes (see provenance) says otherwise. They are left out of means, which n shows, are “–” here, \
        empty in CSV and null in JSON.</p>\
        <h3>Statistics</h3><p>Standard deviation with n − 1. Confidence interval of the mean: m ± t(0.975, n − 1) · s / √n; by bootstrap: resampled with a fixed seed. \
        “All classes”: each case counts once, with the mean of its classes in truth. All tests are two-sided. Holm's adjustment controls the chance of any false \
        finding among the classes of one metric.</p>\
        <h3>Identification</h3><p>A vertebra is identified if its predicted centroid lies within 20 mm of its own and nearer to it than to any other vertebra's \
        (Sekuboyina et al. 2021). Detected: covered by more than one half (IoU) whatever the name. Shift: by how many vertebrae a whole spine is labelled off, +1 where L1 is called L2.</p>\
        <h3>Pictures</h3><p>Surfaces are marching-cubes surfaces of the label maps; distances are measured between them before they are smoothed and \
        simplified for display, from each vertex to the nearest point of the same class's other surface, and averaged where vertices are merged. Grey: the class is \
        missing in the other map.</p>\
        <h3>Files beside this page</h3><p>metrics.csv: one line per model, case and class. summary.csv: one line per model, class and metric. comparison.csv: one line per pair of \
        models, class and metric. confusion.csv: voxels by model, true and predicted class. report.json: all of it.</p>
        """
    }
}
