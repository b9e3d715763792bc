// One series in large.
import {get} from '/assets/api.js';
import {element, large, moment, number, onTheme, percent} from '/assets/draw.js';

// What moved it most, in a few words.
const named = c => c.input === 'earlier' ? 'earlier steps' : c.input + (c.lag ? ` ${c.lag} before` : ' itself');
const because = turn => turn.causes.length
  ? ', moved by ' + turn.causes.slice(0, 2).map(c => `${named(c)} (${percent(c.share)})`).join(' and ') : '';

export const series = (main, page, id) => {
  const head = element('h1', {}, id), facts = element('dl', {class: 'totals'}), note = element('p', {class: 'note', role: 'status'});
  const picker = element('select', {'aria-label': 'Channel', hidden: ''});
  const place = element('div', {class: 'large', role: 'img', 'aria-label': 'Observed values, the forecast fan, and what was forecast before'});
  const ahead = element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Forecast as a table'});
  const list = element('ol', {class: 'news', 'aria-label': 'Anomalies of this series'});
  main.append(element('div', {class: 'bar'}, element('a', {class: 'button', href: '#/'}, '← Fleet'), head, picker), facts, note, place,
    element('h2', {}, 'Anomalies'), list, element('h2', {}, 'Forecast'), ahead);
  let plot, detail, channel = 0, held = false;

  const draw = () => {
    if (!detail || !place.clientWidth) return;
    if (plot) plot.destroy();
    plot = large(place, detail, channel);
  };

  const table = f => {
    const rows = f.times.map((time, h) => element('tr', {}, element('th', {scope: 'row'}, moment(time, f.interval)),
      ...f.quantiles.map((q, i) => element('td', {}, number(f.values[channel][i][h])))));
    ahead.replaceChildren(element('table', {class: 'numbers'}, element('thead', {}, element('tr', {}, element('th', {scope: 'col'}, 'UTC'),
      ...f.quantiles.map(q => element('th', {scope: 'col'}, +(100 * q).toFixed(1) + ' %')))), element('tbody', {}, ...rows)));
  };

  const show = page.alone(async signal => {
    detail = await get(`/series/${encodeURIComponent(id)}?steps=192`, signal);
    const {forecast: f, score: s, episode: e} = detail;
    const fact = (name, value, className) => element('div', {class: className || ''}, element('dt', {}, name), element('dd', {}, value));
    facts.replaceChildren(fact('newest step, UTC', moment(detail.time, f.interval)),
      fact('episode', e ? `${e.kind}, ${e.severity}` : 'none', e ? e.severity : ''),
      fact('model', `${f.modelId}/${f.modelVersion}${f.warm ? '' : ', still cold'}`), fact('steps', number(detail.steps)),
      fact('MASE', s && s.mase != null ? s.mase.toFixed(3) : '–'),
      fact('coverage' + (s && s.statedCoverage != null ? ` of ${percent(s.statedCoverage)}` : ''), percent(s && s.coverage)),
      fact('than last value', s && s.skillOverLastValue != null ? `${percent(Math.abs(s.skillOverLastValue))} ${s.skillOverLastValue < 0 ? 'worse' : 'better'}` : '–'));
    if (detail.observations.values.length > 1 && picker.hidden) {
      picker.hidden = false;
      detail.observations.values.forEach((v, i) => picker.append(element('option', {value: i}, 'channel ' + i)));
    }
    note.textContent = detail.rewarmed ? 'The forecast is how the new model will take this series up at its next observation.' : '';
    draw();
    table(f);
    list.replaceChildren(...detail.anomalies.slice(-20).reverse().map(a => element('li', {class: a.severity},
      element('time', {}, moment(a.time, f.interval)), element('span', {}, `${a.kind} ${a.phase}, ${a.severity}, score ${a.score.toFixed(2)}`),
      element('span', {}, `${a.observed == null ? 'nothing came' : number(a.observed)}, expected ${number(a.lower)} to ${number(a.upper)}${because(a)}`))));
    if (!list.children.length) list.append(element('li', {}, 'None so far.'));
  }, failure => { note.textContent = failure.message; });

  picker.addEventListener('change', () => { channel = +picker.value; draw(); table(detail.forecast); });
  place.addEventListener('pointerenter', () => { held = true; });
  place.addEventListener('pointerleave', () => { held = false; });
  document.addEventListener('keydown', event => { if (event.key === 'Escape') location.hash = '#/'; }, {signal: page.signal});
  onTheme(draw, page.signal);
  let width = 0;
  new ResizeObserver(() => { if (width !== place.clientWidth) { width = place.clientWidth; draw(); } }).observe(place);
  let moved = false;
  page.every(1000, () => { if (moved && !held) { moved = false; show(); } });
  show();
  return (name, data) => {
    if (name === 'lost' || name === 'forecasts' && data.series.includes(id) || name === 'anomaly' && data.series === id) moved = true;
  };
};
