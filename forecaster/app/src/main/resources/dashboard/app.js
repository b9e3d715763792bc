// Which page is shown, and the stream of events that moves it.
import {listen} from '/assets/api.js';
import {grid} from '/assets/grid.js';
import {models} from '/assets/models.js';
import {series} from '/assets/series.js';

const main = document.getElementById('main'), live = document.getElementById('live');
let leave, heard = () => {};

// What a page may use: it ends with the page.
const open = () => {
  const ended = new AbortController(), timers = [];
  return {
    signal: ended.signal,
    every: (millis, action) => { timers.push(setInterval(() => { if (!document.hidden) action(); }, millis)); },
    // One question at a time: asked again while one is under way, it is asked once more after it.
    alone: (ask, failed = () => {}) => {
      let running = false, again = false;
      return async () => {
        if (running) { again = true; return; }
        running = true;
        do {
          again = false;
          try {
            await ask(ended.signal);
          } catch (failure) {
            if (ended.signal.aborted) return;
            failed(failure);
          }
        } while (again);
        running = false;
      };
    },
    close: () => { ended.abort(); timers.forEach(clearInterval); },
  };
};

const show = () => {
  if (location.hash && !location.hash.startsWith('#/')) return; // a place on the page
  if (leave) leave();
  main.replaceChildren();
  const page = open(), path = location.hash.slice(2).split('/');
  leave = page.close;
  document.title = 'Gatecast';
  if (path[0] === 'series' && path[1]) {
    const id = decodeURIComponent(path[1]);
    document.title = id + ' · Gatecast';
    heard = series(main, page, id);
  } else if (path[0] === 'models') {
    document.title = 'Models · Gatecast';
    heard = models(main, page);
  } else {
    heard = grid(main, page);
  }
  document.querySelectorAll('nav a').forEach(link => {
    if (link.hash.slice(2) === (path[0] === 'models' ? 'models' : '')) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  });
  scrollTo(0, 0);
};

addEventListener('hashchange', show);
show();
listen((name, data) => heard(name, data), on => {
  live.textContent = on ? 'live' : 'not connected';
  live.className = on ? 'on' : '';
  if (on) heard('lost', {});
});
