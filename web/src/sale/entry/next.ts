// After signing in one goes back to where one was.

import { useEffect } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useSession } from "../../live/use";

// Only an address of this app: a link from elsewhere must not lead away. Browsers read over tabs and line ends.
function safe(next: string | null): string {
  return next && /^\/(?![/\\\t\r\n])/.test(next) ? next : "/";
}

// Leaves the page as soon as somebody is signed in, here or in the answer to its form.
export function useLeaveWhenSignedIn(): void {
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const { user } = useSession();
  const next = safe(params.get("next"));
  useEffect(() => {
    if (user) navigate(next, { replace: true });
  }, [user, next, navigate]);
}
