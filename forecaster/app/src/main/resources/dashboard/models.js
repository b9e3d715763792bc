// Models, and how they did of late.
import {get, post, signIn} from '/assets/api.js';
import {element, lines, moment, number, onTheme, percent} from '/assets/draw.js';

const span = millis => {
  for (const [unit, length] of [['d', 864e5], ['h', 36e5], ['min', 6e4], ['s', 1e3]]) {
    if (millis % length === 0) return `${millis / length} ${unit}`;
  }
  return `${millis} ms`;
};

// Whether somebody means it, and why.
const confirmed = (title, text, action) => new Promise(resolve => {
  const dialog = document.getElementById('confirm'), why = document.getElementById('why');
  document.getElementById('confirm-title').textContent = title;
  document.getElementById('confirm-text').textContent = text;
  document.getElementById('confirm-yes').textContent = action;
  why.value = dialog.returnValue = '';
  dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes' ? {why: why.value.trim()} : null), {once: true});
  dialog.showModal();
});

export const models = (main, page) => {
  const facts = element('dl', {class: 'totals'}), mase = element('div', {class: 'large'}), coverage = element('div', {class: 'large'});
  const table = element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Versions'});
  const enter = element('button', {type: 'button', hidden: '', onclick: async () => { if (await signIn()) show(); }}, 'Sign in to change');
  const told = element('p', {class: 'note', role: 'status'});
  main.append(element('div', {class: 'bar'}, element('h1', {}, 'Models'), enter), facts, told, table, element('h2', {}, 'Error over time: MASE, mean over series, lower is better'), mase,
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
  const change = async (title, text, action, path) => {
    const said = await confirmed(title, text, action);
    if (!said) return;
    try {
      const {events} = await post(path, said);
      const from = events[0].effectiveFrom;
      told.textContent = events.map(e => `${e.id}/${e.version} is ${e.state}`).join(', ') + ` from event time ${from ? moment(from) + ' UTC' : 'zero'} on.`;
    } catch (failure) {
      told.textContent = failure.message;
    }
    show();
  };
  const buttons = s => {
    const name = `${s.id}/${s.version}`, at = `/models/${encodeURIComponent(s.id)}`;
    if (s.role === 'champion') {
      return element('button', {type: 'button', 'aria-label': `Take ${name} back`, onclick: () => change(`Take ${name} back?`,
        'The champion before it judges again, ten steps ahead of the stream.', 'Take back', `${at}/rollback`)}, 'Take back');
    }
    return element('button', {type: 'button', 'aria-label': `Promote ${name}`, onclick: () => change(`Promote ${name}?`,
      'It judges in the champion’s place, ten steps ahead of the stream.', 'Promote', `${at}/${s.version}/promote`)}, 'Promote');
  };
  let before;
  const show = page.alone(async signal => {
    answer = await get('/models', signal);
    const same = JSON.stringify(answer);
    if (same === before) return; // a button that somebody is on stays
    before = same;
    enter.hidden = !answer.administered || answer.admin;
    const m = answer.inForce;
    const fact = (name, value) => element('div', {}, element('dt', {}, name), element('dd', {}, value));
    facts.replaceChildren(...(m ? [fact('newest', `${m.id}/${m.version}`), fact('counts from, UTC', m.effectiveFrom ? moment(m.effectiveFrom) : 'the beginning'),
      fact('step', span(m.interval)), fact('horizon', `${m.horizon} steps`), fact('seasons', m.seasons.join(', ') || 'none'),
      fact('quantiles', m.quantiles.map(q => +(100 * q).toFixed(1) + ' %').join(', '))] : [fact('newest', 'none')]));
    const standings = new Map(answer.standings.map(s => [`${s.id}/${s.version}`, s]));
    const names = [...standings.keys(), ...Object.keys(answer.versions).reverse().filter(name => !standings.has(name))];
    const rows = names.map(name => [name, answer.versions[name] || [], standings.get(name)]).map(([name, windows, s]) => element('tr', {},
      element('th', {scope: 'row'}, name), element('td', {}, s && s.role !== 'none' ? s.role : '–'),
      element('td', {}, number(answer.seriesByVersion[name.split('/').pop()] || 0)), element('td', {}, number(windows.length)),
      ...[mean(windows, w => w.mase)].map(v => element('td', {}, v == null ? '–' : v.toFixed(3))), element('td', {}, percent(mean(windows, w => w.coverage))),
      element('td', {}, percent(mean(windows, w => w.skillOverLastValue)).replace('-', '−')),
      answer.admin ? element('td', {}, s ? buttons(s) : '') : null));
    table.replaceChildren(element('table', {class: 'numbers'}, element('thead', {}, element('tr', {},
      ...['version', 'role', 'series now', 'windows', 'MASE', 'coverage', 'skill over last value', ...(answer.admin ? ['change'] : [])].map(text => element('th', {scope: 'col'}, text)))),
    element('tbody', {}, ...(rows.length ? rows : [element('tr', {}, element('td', {colspan: 8}, 'No window has come true yet.'))]))));
    draw();
  });
  onTheme(draw, page.signal);
  let width = 0;
  new ResizeObserver(() => { if (width !== mase.clientWidth) { width = mase.clientWidth; draw(); } }).observe(mase);
  page.every(3000, show);
  show();
  return () => {};
};
