// An answer that was asked for before the app was here, for whoever asks the same as the first.

let waiting: { path: string; answer: Promise<Response> } | null = null;

export function askEarly(path: string): void {
  const answer = fetch(path, { headers: { Accept: "application/json" } });
  answer.catch(() => undefined); // whoever takes it is told
  waiting = { path, answer };
}

export function takeEarly(path: string): Promise<Response> | null {
  if (waiting?.path !== path) return null;
  const { answer } = waiting;
  waiting = null;
  return answer;
}
