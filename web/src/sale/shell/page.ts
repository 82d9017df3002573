import { type ComponentType, lazy } from "react";
import { onceOnline } from "../../api/online";

// A page whose code comes when it is opened.
export const page = <P extends object>(load: () => Promise<{ default: ComponentType<P> }>) =>
  lazy(() => onceOnline(load));
