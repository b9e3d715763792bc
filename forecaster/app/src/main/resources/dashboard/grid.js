// The fleet: totals, then a small chart a series, what needs attention first.
import {get} from '/assets/api.js';
import {element, moment, number, onTheme, percent, thumbnail} from '/assets/draw.js';

const PAGE = innerWidth >= 2560 ? 60 : 24;

export const grid = (main, page) => {
  const state = {q: '', sort: 'attention', after: [], next: null, rows: new Map()};
  const totals = element('dl', {class: 'totals', 'aria-label': 'Totals'});
  const search = element('input', {type: 'search', placeholder: 'Search series', 'aria-label': 'Search series', 'aria-keyshortcuts': '/'});
  const sort = element('select', {'aria-label': 'Order'},
    element('option', {value: 'attention'}, 'needs attention'), element('option', {value: 'error'}, 'largest error'),
    element('option', {value: 'id'}, 'by name'));
  const tiles = element('ul', {class: 'tiles', 'aria-label': 'Series'});
  const back = element('button', {type: 'button'}, '← Back');
  const on = element('button', {type: 'button'}, 'More →');
  const note = element('p', {class: 'note', role: 'status'});
  const news = element('ol', {class: 'news', 'aria-label': 'Newest anomalies'});
  main.append(element('h1', {class: 'hidden'}, 'Fleet'), totals, element('div', {class: 'bar'}, search, sort), note, tiles,
    element('div', {class: 'bar pager'}, back, on), element('h2', {}, 'Newest anomalies'), news);

  const tile = row => {
    const canvas = element('canvas', {'aria-hidden': 'true'});
    const name = element('span', {class: 'name'}), badge = element('span', {class: 'badge'});
    const foot = element('span', {class: 'foot'});
    const link = element('a', {href: '#/series/' + encodeURIComponent(row.id)}, element('span', {class: 'head'}, name, badge), canvas, foot);
    const item = element('li', {}, link);
    return {item, canvas, name, badge, foot, link};
  };

  const show = row => {
    let known = state.rows.get(row.id);
    if (!known) state.rows.set(row.id, known = tile(row));
    const severity = row.episode && row.episode.severity;
    known.row = row;
    known.name.textContent = row.id;
    known.badge.textContent = severity || '';
    known.item.className = severity || '';
    const f = row.chart && row.chart.forecast, half = f ? f.quantiles.length >> 1 : 0;
    const newest = row.chart && row.chart.observations.values[0].at(-1);
    known.foot.textContent = (f ? `${number(newest)} → ${number(f.values[0][half][0])}` : 'no chart')
      + (row.score && row.score.mase != null ? `   MASE ${row.score.mase.toFixed(2)}` : '')
      + (row.episode ? `   ${row.episode.kind}` : '');
    known.link.setAttribute('aria-label', `${row.id}${row.episode ? `, ${row.episode.kind}, ${severity}` : ''}; now ${number(newest)}`);
    return known;
  };

  const draw = known => thumbnail(known.canvas, known.row.chart, known.row.episode && known.row.episode.severity);

  const arrange = series => {
    const shown = new Set(series.map(row => row.id));
    for (const id of state.rows.keys()) if (!shown.has(id)) state.rows.delete(id);
    const items = series.map(row => show(row));
    const focused = document.activeElement;
    items.forEach((known, i) => { if (tiles.children[i] !== known.item) tiles.insertBefore(known.item, tiles.children[i] || null); });
    while (tiles.children.length > items.length) tiles.lastChild.remove();
    if (focused && focused !== document.activeElement && tiles.contains(focused)) focused.focus({preventScroll: true});
    items.forEach(draw);
  };

  const query = () => {
    const after = state.after.at(-1);
    return `/series?charts=true&limit=${PAGE}&sort=${state.sort}&q=${encodeURIComponent(state.q)}`
      + (after ? '&after=' + encodeURIComponent(after) : '');
  };

  const rank = page.alone(async signal => {
    const answer = await get(query(), signal);
    state.next = answer.next;
    arrange(answer.series);
    back.disabled = !state.after.length;
    on.disabled = answer.next == null;
    note.textContent = answer.series.length ? '' : state.q ? `No series has “${state.q}” in its name.` : 'No series yet: it begins with the first observation.';
  });

  // The same series again, in the places they have.
  const refresh = page.alone(async signal => {
    if (!state.rows.size) return;
    const ids = [...state.rows.keys()].map(id => 'id=' + encodeURIComponent(id)).join('&');
    const answer = await get('/series?charts=true&' + ids, signal);
    answer.series.filter(row => state.rows.has(row.id)).forEach(row => draw(show(row)));
  });

  const count = page.alone(async signal => {
    const fleet = await get('/fleet', signal);
    const open = Object.values(fleet.open).reduce((a, b) => a + b, 0);
    const total = (name, value, className) => element('div', {class: className || ''}, element('dt', {}, name), element('dd', {}, value));
    totals.replaceChildren(total('series', number(fleet.series)),
      total('open episodes', number(open), fleet.open.critical ? 'critical' : fleet.open.major ? 'major' : open ? 'minor' : ''),
      total('forecasts seen', number(fleet.forecasts)), total('MASE', fleet.mase == null ? '–' : fleet.mase.toFixed(3)),
      total('coverage' + (fleet.statedCoverage == null ? '' : ` of ${percent(fleet.statedCoverage)}`), percent(fleet.coverage)),
      total('model', Object.keys(fleet.seriesByVersion).join(', ') || '–'),
      total(fleet.instances.length > 1 ? `${fleet.instances.length} instances` : 'instance', fleet.state.toLowerCase()));
  });

  const tell = page.alone(async signal => {
    const answer = await get('/anomalies?limit=12', signal);
    news.replaceChildren(...answer.anomalies.reverse().map(a => element('li', {class: a.severity},
      element('time', {}, moment(a.time)), element('a', {href: '#/series/' + encodeURIComponent(a.series)}, a.series),
      element('span', {}, `${a.kind} ${a.phase}, ${a.severity}: ${a.observed == null ? 'nothing came' : number(a.observed)}, expected ${number(a.lower)} to ${number(a.upper)}`))));
    if (!news.children.length) news.append(element('li', {}, 'None so far.'));
  });

  let typing;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => { state.q = search.value; state.after = []; rank(); }, 200);
  });
  sort.addEventListener('change', () => { state.sort = sort.value; state.after = []; rank(); });
  on.addEventListener('click', () => { state.after.push(state.next); rank(); });
  back.addEventListener('click', () => { state.after.pop(); rank(); });
  tiles.addEventListener('keydown', event => {
    const links = [...tiles.querySelectorAll('a')], at = links.indexOf(document.activeElement);
    const wide = Math.max(1, Math.round(tiles.clientWidth / (tiles.firstChild ? tiles.firstChild.offsetWidth : 1)));
    const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide}[event.key];
    if (at >= 0 && step && links[at + step]) { event.preventDefault(); links[at + step].focus(); }
  });
  document.addEventListener('keydown', event => {
    if (event.key === '/' && !/INPUT|SELECT/.test(document.activeElement.tagName)) { event.preventDefault(); search.focus(); }
  }, {signal: page.signal});
  const redraw = () => state.rows.forEach(draw);
  onTheme(redraw, page.signal);
  new ResizeObserver(redraw).observe(tiles);

  let moved = false, alarmed = false, tick = 0;
  page.every(1000, () => {
    const busy = tiles.matches(':hover') || tiles.contains(document.activeElement);
    if ((alarmed || ++tick % 5 === 0) && !busy) rank(); else if (moved) refresh();
    if (alarmed) tell();
    if (moved || alarmed || tick % 5 === 0) count();
    moved = alarmed = false;
  });
  rank();
  count();
  tell();
  return (name, data) => {
    if (name === 'anomaly') alarmed = true;
    if (name === 'lost' || name === 'forecasts' && data.series.some(id => state.rows.has(id))) moved = true;
  };
};
