import { CSPProvider } from "@base-ui/react/csp-provider";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, Suspense, useState } from "react";
import { Route, Switch } from "wouter";
import { newClient } from "../api/client";
import { useSession } from "../live/use";
import { Toasts } from "../parts/Toast";
import type { Catalogue } from "../words/en";
import type { Language } from "../words/language";
import { Words } from "../words/Words";
import AuctionsPage from "./auctions/AuctionsPage";
import { Frame } from "./shell/Frame";
import { Loading } from "./shell/Loading";
import { NotFound } from "./shell/NotFound";
import { page } from "./shell/page";
import { SignedIn } from "./shell/SignedIn";

// Once the first page is there: a lot is what one opens next, and perhaps without a network.
const loadAuctionPage = () => import("./lot/AuctionPage");
setTimeout(() => loadAuctionPage().catch(() => undefined), 2_000); // whoever opens it asks again

const AuctionPage = page(loadAuctionPage);
const MinePage = page(() => import("./mine/MinePage"));
const WatchlistPage = page(() => import("./watchlist/WatchlistPage"));
const SellPages = page(() => import("./sell/SellPages"));
const AccountPage = page(() => import("./account/AccountPage"));
const AuditPage = page(() => import("./audit/AuditPage"));
const SignInPage = page(() => import("./entry/SignInPage"));
const RegisterPage = page(() => import("./entry/RegisterPage"));
const ForgotPasswordPage = page(() => import("./entry/ForgotPasswordPage"));
const ResetPasswordPage = page(() => import("./entry/ResetPasswordPage"));

// Whoever signs out leaves nothing of his behind, neither what was read nor what stands on the page: the next one begins
// afresh. Who comes as nobody keeps what he sees, and so does he whose session ran out and who comes back.
function Person({ first, children }: { first: QueryClient; children: ReactNode }) {
  const { user, ranOut } = useSession();
  const id = user?.documentId;
  const [held, setHeld] = useState({ id, turn: 0, client: first });
  if (held.id !== id && !ranOut) {
    setHeld(held.id ? { id, turn: held.turn + 1, client: newClient() } : { ...held, id });
  }
  return (
    <QueryClientProvider key={held.turn} client={held.client}>
      {children}
    </QueryClientProvider>
  );
}

function Pages() {
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/" component={AuctionsPage} />
        <Route path="/auctions/:id">{({ id }) => <AuctionPage key={id} id={id} />}</Route>
        <Route path="/mine">
          <SignedIn>
            <MinePage />
          </SignedIn>
        </Route>
        <Route path="/watchlist">
          <SignedIn>
            <WatchlistPage />
          </SignedIn>
        </Route>
        <Route path="/sell/*?">
          <SignedIn>
            <SellPages />
          </SignedIn>
        </Route>
        <Route path="/account">
          <SignedIn>
            <AccountPage />
          </SignedIn>
        </Route>
        <Route path="/audit" component={AuditPage} />
        <Route path="/sign-in" component={SignInPage} />
        <Route path="/register" component={RegisterPage} />
        <Route path="/forgot-password" component={ForgotPasswordPage} />
        <Route path="/reset-password" component={ResetPasswordPage} />
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  );
}

interface AppProps {
  first: { language: Language; words: Catalogue };
  client: QueryClient; // with what was read already
}

export function App({ first, client }: AppProps) {
  return (
    <Words first={first}>
      <CSPProvider disableStyleElements>
        <Person first={client}>
          <Frame>
            <Pages />
          </Frame>
          <Toasts />
        </Person>
      </CSPProvider>
    </Words>
  );
}
