// What the server is asked. What somebody signs in with is kept for this tab alone, and sent by these scripts alone.
const KEY = 'gatecast.authorization';

const headers = () => {
  const shown = sessionStorage.getItem(KEY);
  return shown ? {Authorization: shown} : {};
};

// A token goes as it is; a name and password as RFC 7617 has it, in UTF-8.
const authorization = (name, secret) => name
  ? 'Basic ' + btoa(String.fromCharCode(...new TextEncoder().encode(`${name}:${secret}`)))
  : 'Bearer ' + secret;

let asking;
// One dialog, however many questions are waiting for it; true = somebody signed in.
export const signIn = () => asking ||= new Promise(resolve => {
  const dialog = document.getElementById('ask'), name = document.getElementById('name'), secret = document.getElementById('secret');
  dialog.returnValue = '';
  dialog.addEventListener('close', () => {
    asking = undefined;
    const done = dialog.returnValue === 'in';
    if (done) sessionStorage.setItem(KEY, authorization(name.value.trim(), secret.value.trim()));
    secret.value = '';
    resolve(done);
  }, {once: true});
  dialog.showModal();
});

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const ask = async (path, options) => {
  for (;;) {
    const response = await fetch(path, {...options, headers: {...headers(), ...options.headers}});
    if (response.ok) return response.json();
    if (response.status === 401 && await signIn()) continue;
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail || 'The server answers ' + response.status + '.');
  }
};

export const get = (path, signal) => ask(path, {signal});

export const post = (path, body) => ask(path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

// EventSource cannot show a token, so the stream is read by fetch; when it breaks, it is asked for again.
export const listen = async (onEvent, onState) => {
  for (;;) {
    try {
      const response = await fetch('/events', {headers: headers()});
      if (!response.ok) throw new Refused(response.status, 'no events');
      onState(true);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const {value, done} = await reader.read();
        if (done) break;
        const parts = (text + value).split('\n\n');
        text = parts.pop();
        for (const part of parts) {
          const name = /^event: (.*)$/m.exec(part);
          const data = /^data: (.*)$/m.exec(part);
          if (name && data) onEvent(name[1], JSON.parse(data[1]));
        }
      }
    } catch (failure) {
      if (failure instanceof SyntaxError) throw failure;
    }
    onState(false);
    await pause(2000);
  }
};
