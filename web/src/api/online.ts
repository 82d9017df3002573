// What comes when it is first needed. Where that was without a network, it comes once there is one.
export const onceOnline = <T>(load: () => Promise<T>): Promise<T> => load().catch(() => online().then(load));

const online = () =>
  new Promise<unknown>((done) => {
    if (navigator.onLine) done(null);
    else addEventListener("online", done, { once: true });
  });
