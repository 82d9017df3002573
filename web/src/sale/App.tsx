import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Refused } from "../api/http";
import { Toasts } from "../parts/Toast";
import type { Catalogue } from "../words/en";
import type { Language } from "../words/language";
import { Words } from "../words/Words";
import AuctionsPage from "./auctions/AuctionsPage";
import { Frame } from "./shell/Frame";
import { Loading } from "./shell/Loading";
import { NotFound } from "./shell/NotFound";
import { SignedIn } from "./shell/SignedIn";

const AuctionPage = lazy(() => import("./lot/AuctionPage"));
const MinePage = lazy(() => import("./mine/MinePage"));
const WatchlistPage = lazy(() => import("./watchlist/WatchlistPage"));
const SellPages = lazy(() => import("./sell/SellPages"));
const AccountPage = lazy(() => import("./account/AccountPage"));
const AuditPage = lazy(() => import("./audit/AuditPage"));
const SignInPage = lazy(() => import("./entry/SignInPage"));
const RegisterPage = lazy(() => import("./entry/RegisterPage"));
const ForgotPasswordPage = lazy(() => import("./entry/ForgotPasswordPage"));
const ResetPasswordPage = lazy(() => import("./entry/ResetPasswordPage"));

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      retry: (failures, error) => !(error instanceof Refused) && failures < 2,
    },
  },
});

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

export function App({ first }: { first: { language: Language; words: Catalogue } }) {
  return (
    <Words first={first}>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={client}>
          <Frame>
            <Pages />
          </Frame>
          <Toasts />
        </QueryClientProvider>
      </CSPProvider>
    </Words>
  );
}
