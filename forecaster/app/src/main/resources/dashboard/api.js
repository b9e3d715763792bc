// What the server is asked. A token, where one is needed, is kept for this tab alone.
const KEY = 'gatecast.token';

const headers = () => {
  const token = sessionStorage.getItem(KEY);
  return token ? {Authorization: 'Bearer ' + token} : {};
};

const askToken = () => new Promise(resolve => {
  const dialog = document.getElementById('ask');
  dialog.addEventListener('close', () => {
    sessionStorage.setItem(KEY, document.getElementById('token').value.trim());
    resolve();
  }, {once: true});
  if (!dialog.open) dialog.showModal();
});

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export const get = async (path, signal) => {
  for (;;) {
    const response = await fetch(path, {headers: headers(), signal});
    if (response.ok) return response.json();
    if (response.status === 401) {
      await askToken();
      continue;
    }
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail || 'The server answers ' + response.status + '.');
  }
};

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
