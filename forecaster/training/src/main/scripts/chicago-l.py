#!/usr/bin/env python3
"""Makes chicago-l.csv.gz from Debian's r-cran-modeldata (1.1.0-1), which carries the R package modeldata.

    apt-get install r-base-core r-cran-modeldata
    Rscript -e 'library(modeldata); write.csv(Chicago[, c("date", stations)], "chicago.csv", row.names = FALSE)'
    chicago-l.py chicago.csv OUT_FOLDER

What it changes: the stations' columns are those of 14 days before `date` (help page of the data), so 14 days are taken off.
"""
import csv, datetime, gzip, io, sys

source, folder = sys.argv[1:]
text = io.StringIO()
with open(source, newline="") as f:
    reader = csv.reader(f)
    header = next(reader)
    text.write(",".join(["date"] + [name.lower().replace("_", "-") for name in header[1:]]) + "\n")
    for row in reader:
        day = datetime.date.fromisoformat(row[0]) - datetime.timedelta(days=14)
        text.write(",".join([day.isoformat()] + row[1:]) + "\n")
with open(f"{folder}/chicago-l.csv.gz", "wb") as raw:
    with gzip.GzipFile("", "wb", 9, raw, mtime=0) as f:
        f.write(text.getvalue().encode())
