// How things are drawn and written.
import uPlot from '/assets/uPlot.esm.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

export const onTheme = (change, signal) => dark.addEventListener('change', change, {signal});

// Okabe & Ito's colours, told apart by people who do not see red and green apart.
export const colours = () => dark.matches
  ? {ink: '#e4e8ec', faint: '#8a95a1', line: '#2a3036', fan: [86, 180, 233], median: '#56b4e9', past: [0, 158, 115],
    minor: '#e69f00', major: '#f0813a', critical: '#ff6b5e'}
  : {ink: '#1c2126', faint: '#5c6670', line: '#e2e6ea', fan: [0, 114, 178], median: '#0072b2', past: [0, 120, 88],
    minor: '#b07800', major: '#d55e00', critical: '#c01515'};

const rgba = (rgb, alpha) => `rgba(${rgb.join(',')},${alpha})`;

export const number = value => {
  if (value == null) return '–';
  const size = Math.abs(value);
  if (size >= 1e6 || (size < 1e-3 && size > 0)) return value.toExponential(1);
  return value.toLocaleString('en', {maximumSignificantDigits: size >= 1000 ? Math.ceil(Math.log10(size + 1)) : 4});
};
export const percent = value => value == null ? '–' : (100 * value).toFixed(1) + ' %';
// On a wall of pixels, marks grow with the text.
const size = () => innerWidth >= 2560 ? 18 : 12;
const pad = n => String(n).padStart(2, '0');
export const moment = (time, interval = 0) => {
  if (time == null) return '–';
  const d = new Date(time);
  const day = `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
  if (interval >= 864e5) return day;
  return `${day} ${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}` + (interval % 6e4 ? ':' + pad(d.getUTCSeconds()) : '');
};

export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'class') made.className = value;
    else if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter(child => child != null));
  return made;
};

// One series as a thumbnail: what came, then the fan of what is forecast.
export const thumbnail = (canvas, chart, severity) => {
  const width = canvas.clientWidth, height = canvas.clientHeight, scale = devicePixelRatio || 1;
  if (!width) return;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const g = canvas.getContext('2d');
  g.scale(scale, scale);
  g.clearRect(0, 0, width, height);
  if (!chart) return;
  const c = colours(), {observations: o, forecast: f} = chart;
  const seen = o.values[0], levels = f.values[0], last = levels.length - 1, half = levels.length >> 1;
  const all = [...seen, ...levels[0], ...levels[last]].filter(v => v != null);
  let low = Math.min(...all), high = Math.max(...all);
  if (!(high > low)) { low -= 1; high += 1; }
  const steps = seen.length + f.horizon - 1, room = 4;
  const x = i => room + i / Math.max(1, steps) * (width - 2 * room);
  const y = v => height - room - (v - low) / (high - low) * (height - 2 * room);
  const from = seen.length - 1, newest = seen[from];
  g.strokeStyle = c.line;
  g.setLineDash([2, 3]);
  g.beginPath();
  g.moveTo(x(from), 0);
  g.lineTo(x(from), height);
  g.stroke();
  g.setLineDash([]);
  for (let q = 0; q < half; q++) {
    g.fillStyle = rgba(c.fan, 0.18 + 0.14 * q);
    g.beginPath();
    g.moveTo(x(from), y(newest ?? levels[half][0]));
    levels[last - q].forEach((v, h) => g.lineTo(x(from + 1 + h), y(v)));
    for (let h = f.horizon - 1; h >= 0; h--) g.lineTo(x(from + 1 + h), y(levels[q][h]));
    g.closePath();
    g.fill();
  }
  const path = (values, first, colour, thick) => {
    g.strokeStyle = colour;
    g.lineWidth = thick;
    g.lineJoin = 'round';
    g.beginPath();
    let down = false;
    values.forEach((v, i) => {
      if (v == null) { down = false; return; }
      if (down) g.lineTo(x(first + i), y(v)); else g.moveTo(x(first + i), y(v));
      down = true;
    });
    g.stroke();
  };
  path([newest, ...levels[half]], from, c.median, 1.6);
  path(seen, 0, c.ink, 1.4);
  if (newest != null) {
    g.fillStyle = severity ? c[severity] : c.ink;
    g.beginPath();
    g.arc(x(from), y(newest), severity ? 4 : 2.2, 0, 7);
    g.fill();
  }
};

// Times of several lists on one axis, seconds; each list's values in their places.
const aligned = lists => {
  const times = [...new Set(lists.flatMap(list => list.times))].sort((a, b) => a - b);
  const place = new Map(times.map((time, i) => [time, i]));
  return [times.map(time => time / 1000), list => values => {
    const column = new Array(times.length).fill(null);
    list.times.forEach((time, i) => { column[place.get(time)] = values[i]; });
    return column;
  }];
};

// Marks of the time axis, UTC: the day where it is a new one, as ISO 8601 has it, and the time of day.
const clock = (u, ticks, axis, space, step) => ticks.map((tick, i) => {
  const d = new Date(tick * 1000), last = i ? new Date(ticks[i - 1] * 1000) : null;
  const day = `${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
  const newYear = !last || last.getUTCFullYear() !== d.getUTCFullYear();
  if (step >= 86400) return newYear ? `${day}\n${d.getUTCFullYear()}` : day;
  const time = `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}` + (step < 60 ? ':' + pad(d.getUTCSeconds()) : '');
  return !last || last.getUTCDate() !== d.getUTCDate() ? `${time}\n${newYear ? d.getUTCFullYear() + '-' : ''}${day}` : time;
});

const label = level => +(100 * level).toFixed(1) + ' %';

// One channel of a series in large.
export const large = (place, detail, channel) => {
  const c = colours(), {observations: o, forecast: f, past: p} = detail;
  const from = o.times[0];
  const kept = p.times.map((t, i) => i).filter(i => p.times[i] >= from && p.times[i] <= detail.time && channel === 0);
  const past = {times: kept.map(i => p.times[i])};
  const [x, columns] = aligned([o, past, f]);
  const observed = o.values[channel].map((v, i) => o.filledIn[channel][i] ? null : v);
  const last = f.quantiles.length - 1, half = f.quantiles.length >> 1;
  const data = [x, columns(o)(observed)];
  const series = [
    {label: 'time', value: (u, v) => v == null ? '' : moment(v * 1000, f.interval)},
    {label: 'observed', stroke: c.ink, width: 1.8, points: {show: false}, value: (u, v) => number(v)},
  ];
  const bands = [];
  const add = (column, options) => {
    data.push(column);
    series.push({points: {show: false}, value: (u, v) => number(v), ...options});
    return data.length - 1;
  };
  if (kept.length) {
    const at = q => columns(past)(kept.map(i => p.values[i][q]));
    if (last > 0) {
      const low = add(at(0), {label: 'was forecast, ' + label(f.quantiles[0]), stroke: rgba(c.past, 0.35), width: 1, edge: true});
      const high = add(at(last), {label: 'was forecast, ' + label(f.quantiles[last]), stroke: rgba(c.past, 0.35), width: 1, edge: true});
      bands.push({series: [high, low], fill: rgba(c.past, 0.14)});
    }
    add(at(half), {label: 'was forecast', stroke: rgba(c.past, 0.95), width: 1.2, dash: [5, 3]});
  }
  const newest = o.values[channel].at(-1);
  const ahead = q => {
    const column = columns(f)(f.values[channel][q]);
    column[x.indexOf(detail.time / 1000)] = newest;
    return column;
  };
  for (let q = 0; q < half; q++) {
    const edge = {stroke: rgba(c.fan, 0.5), width: 0.6};
    const low = add(ahead(q), {label: label(f.quantiles[q]), ...edge, edge: q > 0});
    const high = add(ahead(last - q), {label: label(f.quantiles[last - q]), ...edge, edge: q > 0});
    bands.push({series: [high, low], fill: rgba(c.fan, 0.16 + 0.12 * q)});
  }
  add(ahead(half), {label: 'forecast', stroke: c.median, width: 2});
  const marks = detail.anomalies.filter(a => a.time >= from && a.channel === channel);
  const swaps = kept.filter((i, k) => k > 0 && p.versions[i] !== p.versions[kept[k - 1]])
    .map(i => ({time: p.times[i], text: 'model ' + p.versions[i]}));
  const grid = {stroke: c.line, width: 1};
  const axis = {stroke: c.faint, grid, ticks: grid, font: `${size()}px system-ui, sans-serif`, size: 4.2 * size()};
  const width = place.clientWidth;
  const plot = new uPlot({
    width,
    height: Math.max(260, Math.min(innerHeight * 0.6, width * 0.5)),
    tzDate: time => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC'),
    scales: {x: {time: true}},
    axes: [{...axis, values: clock, space: 6 * size()}, {...axis, size: 5.4 * size(), values: (u, ticks) => ticks.map(number)}],
    series, bands,
    cursor: {points: {size: 5}},
    legend: {live: width > 560},
    hooks: {draw: [u => annotate(u, marks, swaps, c)]},
  }, data, place);
  const rows = plot.root.querySelectorAll('.u-legend .u-series');
  const first = series.length - rows.length; // a legend that is not live leaves the times out
  rows.forEach((row, i) => { row.hidden = !!series[i + first].edge; });
  return plot;
};

const SHAPES = {opened: '▲', updated: '◆', closed: '▽'};

const annotate = (u, marks, swaps, c) => {
  const g = u.ctx, scale = devicePixelRatio || 1, {left, top, width, height} = u.bbox;
  g.save();
  g.beginPath();
  g.rect(left, top, width, height);
  g.clip();
  g.font = `${size() * scale}px system-ui, sans-serif`;
  g.textBaseline = 'top';
  for (const swap of swaps) {
    const x = u.valToPos(swap.time / 1000, 'x', true);
    g.strokeStyle = g.fillStyle = c.faint;
    g.setLineDash([6 * scale, 4 * scale]);
    g.beginPath();
    g.moveTo(x, top);
    g.lineTo(x, top + height);
    g.stroke();
    g.setLineDash([]);
    g.textAlign = 'left';
    g.fillText(swap.text, x + 4 * scale, top + 4 * scale);
  }
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  for (const mark of marks) {
    const x = u.valToPos(mark.time / 1000, 'x', true);
    const y = mark.observed == null ? top + height - 10 * scale : u.valToPos(mark.observed, 'y', true);
    g.fillStyle = c[mark.severity] || c.ink;
    g.font = `${(mark.phase === 'closed' ? 1 : 1.4) * size() * scale}px system-ui, sans-serif`;
    g.fillText(SHAPES[mark.phase], x, y);
  }
  g.restore();
};

// Lines of several models over time.
export const lines = (place, versions, pick, format, range) => {
  const c = colours(), names = Object.keys(versions);
  const palette = [c.median, c.major, rgba(c.past, 1), c.minor, c.ink];
  const lists = names.map(name => ({times: versions[name].map(w => w.end)}));
  const [x, columns] = aligned(lists);
  const grid = {stroke: c.line, width: 1};
  const axis = {stroke: c.faint, grid, ticks: grid, font: `${size()}px system-ui, sans-serif`, size: 4.2 * size()};
  return new uPlot({
    width: place.clientWidth,
    height: Math.max(220, Math.min(360, place.clientWidth * 0.4)),
    tzDate: time => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC'),
    scales: {y: {range: (u, low, high) => low == null ? [0, 1] : range(low, high)}},
    axes: [{...axis, values: clock, space: 6 * size()}, {...axis, size: 5.4 * size(), values: (u, ticks) => ticks.map(format)}],
    series: [{label: 'window until', value: (u, v) => v == null ? '–' : moment(v * 1000)},
      ...names.map((name, i) => ({label: name, stroke: palette[i % palette.length], width: 2, spanGaps: true,
        points: {show: versions[name].length < 30}, value: (u, v) => v == null ? '–' : format(v)}))],
  }, [x, ...names.map((name, i) => columns(lists[i])(versions[name].map(pick)))], place);
};
