import { type ComponentType, lazy } from "react";

// A page whose code comes when it is opened. Where that was without a network, it comes once there is one.
export const page = <P extends object>(load: () => Promise<{ default: ComponentType<P> }>) =>
  lazy(() => load().catch(() => online().then(load)));

const online = () =>
  new Promise<unknown>((done) => {
    if (navigator.onLine) done(null);
    else addEventListener("online", done, { once: true });
  });
