// Models, and how they did of late.
import {get} from '/assets/api.js';
import {element, lines, moment, number, onTheme, percent} from '/assets/draw.js';

const span = millis => {
  for (const [unit, length] of [['d', 864e5], ['h', 36e5], ['min', 6e4], ['s', 1e3]]) {
    if (millis % length === 0) return `${millis / length} ${unit}`;
  }
  return `${millis} ms`;
};

export const models = (main, page) => {
  const facts = element('dl', {class: 'totals'}), mase = element('div', {class: 'large'}), coverage = element('div', {class: 'large'});
  const table = element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Versions'});
  main.append(element('div', {class: 'bar'}, element('h1', {}, 'Models')), facts, table, element('h2', {}, 'Error over time: MASE, mean over series, lower is better'), mase,
    element('h2', {}, 'Coverage over time'), coverage);
  let plots = [], answer;
  const draw = () => {
    plots.forEach(plot => plot.destroy());
    plots = [];
    if (answer && Object.keys(answer.versions).length && mase.clientWidth) {
      plots = [lines(mase, answer.versions, w => w.mase, v => v == null ? '' : v.toFixed(2), (low, high) => [0, 1.1 * Math.max(high, 1)]),
        lines(coverage, answer.versions, w => w.coverage, v => v == null ? '' : (100 * v).toFixed(0) + ' %', low => [Math.max(0, Math.min(0.5, low - 0.05)), 1])];
    }
  };
  const mean = (windows, pick) => {
    let sum = 0, count = 0;
    for (const w of windows) if (pick(w) != null) { sum += pick(w) * w.series; count += w.series; }
    return count ? sum / count : null;
  };
  const show = page.alone(async signal => {
    answer = await get('/models', signal);
    const m = answer.inForce;
    const fact = (name, value) => element('div', {}, element('dt', {}, name), element('dd', {}, value));
    facts.replaceChildren(...(m ? [fact('newest', `${m.id}/${m.version}`), fact('counts from, UTC', m.effectiveFrom ? moment(m.effectiveFrom) : 'the beginning'),
      fact('step', span(m.interval)), fact('horizon', `${m.horizon} steps`), fact('seasons', m.seasons.join(', ') || 'none'),
      fact('quantiles', m.quantiles.map(q => +(100 * q).toFixed(1) + ' %').join(', '))] : [fact('newest', 'none')]));
    const rows = Object.entries(answer.versions).reverse().map(([name, windows]) => element('tr', {}, element('th', {scope: 'row'}, name),
      element('td', {}, number(answer.seriesByVersion[name.split('/').pop()] || 0)), element('td', {}, number(windows.length)),
      ...[mean(windows, w => w.mase)].map(v => element('td', {}, v == null ? '–' : v.toFixed(3))), element('td', {}, percent(mean(windows, w => w.coverage))),
      element('td', {}, percent(mean(windows, w => w.skillOverLastValue)).replace('-', '−'))));
    table.replaceChildren(element('table', {class: 'numbers'}, element('thead', {}, element('tr', {},
      ...['version', 'series now', 'windows', 'MASE', 'coverage', 'skill over last value'].map(text => element('th', {scope: 'col'}, text)))),
    element('tbody', {}, ...(rows.length ? rows : [element('tr', {}, element('td', {colspan: 6}, 'No window has come true yet.'))]))));
    draw();
  });
  onTheme(draw, page.signal);
  let width = 0;
  new ResizeObserver(() => { if (width !== mase.clientWidth) { width = mase.clientWidth; draw(); } }).observe(mase);
  page.every(3000, show);
  show();
  return () => {};
};
