'use strict';
(() => {
  const page = JSON.parse(document.getElementById('data').textContent);
  const main = document.getElementById('page');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  // Okabe & Ito's colours, told apart by people who do not see red and green apart; the last one is for dark grounds.
  const colours = () => ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', dark.matches ? '#e4e8ec' : '#1c2126'];

  const element = (name, parent, text) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    return parent.appendChild(made);
  };

  const compact = value => {
    if (value == null) return '–';
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(1) : String(+value.toPrecision(4));
  };

  // uPlot's own logarithmic scale cannot span thirty powers of ten, so the exponents are drawn on a plain one.
  const power = exponent => '10' + String(exponent).replace(/[-0-9]/g, c => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(c)]);
  const mark = (chart, value) => {
    if (!chart.logarithmic) return compact(value);
    return Number.isInteger(value) ? power(value) : '';
  };
  const reading = (chart, value) => compact(chart.logarithmic && value != null ? 10 ** value : value);

  const options = (chart, width) => {
    const style = getComputedStyle(document.body);
    const ink = style.color;
    const grid = {stroke: dark.matches ? '#2a3036' : '#e2e6ea', width: 1};
    const palette = colours();
    const edges = new Set(chart.bands.flatMap(band => [band.lower, band.upper]));
    const shade = palette[1] + '33';
    return {
      width,
      height: Math.max(240, Math.min(420, Math.round(width * 0.55))),
      scales: {x: {time: false}},
      axes: [
        {label: chart.xLabel, stroke: ink, grid, ticks: grid},
        {label: chart.yLabel, stroke: ink, grid, ticks: grid, size: 62,
          values: (u, marks) => marks.map(value => mark(chart, value))},
      ],
      series: [
        {label: chart.xLabel, value: (u, v) => v == null ? '' : compact(v)},
        ...chart.lines.map((line, i) => ({
          label: line.name,
          stroke: edges.has(i) ? shade : line.dashed ? ink : palette[i % palette.length],
          width: edges.has(i) ? 1 : 2,
          dash: line.dashed || i >= palette.length ? [6, 4] : undefined,
          points: {show: !edges.has(i) && line.values.length <= 12},
          value: (u, v, s, at) => at == null ? '' : reading(chart, v),
        })),
      ],
      bands: chart.bands.map(band => ({series: [band.upper + 1, band.lower + 1], fill: shade})),
    };
  };

  const draw = (chart, place) => {
    const exponent = value => value > 0 ? Math.log10(value) : null;
    const shown = value => value == null ? null : chart.logarithmic ? exponent(value) : value;
    const data = [chart.x, ...chart.lines.map(line => line.values.map(shown))];
    let plot;
    const again = () => {
      if (plot) plot.destroy();
      plot = new uPlot(options(chart, place.clientWidth), data, place);
    };
    again();
    let width = place.clientWidth;
    new ResizeObserver(() => {
      if (place.clientWidth !== width) {
        width = place.clientWidth;
        again();
      }
    }).observe(place);
    dark.addEventListener('change', again);
  };

  document.title = page.title + ' · Gatecast';
  element('h1', main, page.title);
  page.paragraphs.forEach(text => element('p', main, text));
  page.charts.forEach(chart => {
    element('h2', main, chart.title);
    draw(chart, element('div', main));
  });
  page.tables.forEach(table => {
    element('h2', main, table.title);
    const scroll = element('div', main);
    scroll.className = 'scroll';
    scroll.tabIndex = 0;
    const made = element('table', scroll);
    made.className = 'numbers';
    const head = element('tr', element('thead', made));
    table.header.forEach(name => { element('th', head, name).scope = 'col'; });
    const body = element('tbody', made);
    table.rows.forEach(row => {
      const line = element('tr', body);
      row.forEach((cell, i) => {
        const made = element(i === 0 ? 'th' : 'td', line, cell);
        if (i === 0) made.scope = 'row';
      });
    });
  });
})();
