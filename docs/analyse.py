#!/usr/bin/env python3
"""Prints a metric per class of every complete evaluation, from Columna's analytics views.

Needs Python 3.9 and psql. Example: python3 analyse.py "$DATABASE_URL" --metric dice --csv summary.csv
"""
import argparse
import csv
import io
import subprocess
import sys

QUERY = """
    SELECT left(summary.evaluation::text, 8) AS evaluation, summary.model_version, summary.data_set, summary.split, summary.variant, summary.metric,
        coalesce(summary.class_name, 'over classes') AS class_name, summary.n, summary.mean, summary.standard_deviation,
        summary.t_lower, summary.t_upper
    FROM analytics.class_summary AS summary
    JOIN analytics.run_history AS run ON run.evaluation = summary.evaluation AND run.state = 'complete'
    WHERE summary.metric = ANY(string_to_array(:'metrics', ',')) AND summary.n > 0
    ORDER BY run.ordered_at, summary.evaluation, summary.variant, summary.metric, summary.class_value NULLS LAST
"""


def rows(url, metrics):
    """The query's rows as dictionaries; psql does the talking, so no driver is needed."""
    command = ["psql", url, "--no-psqlrc", "--csv", "--set", "ON_ERROR_STOP=1", "--set", "metrics=" + ",".join(metrics), "--file", "-"]
    done = subprocess.run(command, input=QUERY, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("analyse: " + done.stderr.strip())
    return list(csv.DictReader(io.StringIO(done.stdout)))


def number(text):
    return f"{float(text):.4f}" if text else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="the database, as role columna_analyst may read it")
    parser.add_argument("--metric", action="append", help="a column of analytics.case_metrics; again for more (default: dice, hausdorff95)")
    parser.add_argument("--csv", help="where to write the rows as well")
    arguments = parser.parse_args()
    found = rows(arguments.url, arguments.metric or ["dice", "hausdorff95"])
    if not found:
        sys.exit("analyse: no complete evaluation has such a metric; order one with `columna evaluate`")
    heading = None
    for row in found:
        title = f"{row['model_version']} on {row['data_set']}, split {row['split']}, {row['variant']} ({row['evaluation']}): {row['metric']}"
        if title != heading:
            heading = title
            print(f"\n{title}\n{'class':<14}{'n':>5}{'mean':>10}{'sd':>10}  95 % interval")
        interval = f"{number(row['t_lower'])} … {number(row['t_upper'])}"
        print(f"{row['class_name']:<14}{row['n']:>5}{number(row['mean']):>10}{number(row['standard_deviation']):>10}  {interval}")
    if arguments.csv:
        with open(arguments.csv, "w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(found[0]))
            writer.writeheader()
            writer.writerows(found)


if __name__ == "__main__":
    main()
