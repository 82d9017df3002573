// The panel as a whole: its providers, its pages, and which of them need which code.

import { CssBaseline } from "@mui/material";
import { lazy, type ReactElement, Suspense } from "react";
import {
  AccessDenied,
  AdminContext,
  AuthenticationError,
  CoreAdminUI,
  CustomRoutes,
  Error as Failure,
  LoadingPage,
  localStorageStore,
  NotFound,
  Notification,
  Resource,
} from "react-admin";
import { BrowserRouter, Navigate, Route } from "react-router-dom";
import { authProvider, NOT_STAFF } from "./auth/provider";
import { dataProvider } from "./data/provider";
import { Frame } from "./layout/Frame";
import { ICONS } from "./layout/icons";
import { darkTheme, lightTheme } from "./look/theme";
import { i18nProvider } from "./words/provider";

const SignIn = lazy(() => import("./auth/SignIn"));
const NotStaff = lazy(() => import("./auth/NotStaff"));
const Board = lazy(() => import("./board/Board"));
const Health = lazy(() => import("./health/Health"));
const Roles = lazy(() => import("./roles/Roles"));
const cars = {
  list: lazy(() => import("./cars/CarList")),
  create: lazy(() => import("./cars/CarCreate")),
  edit: lazy(() => import("./cars/CarEdit")),
  show: lazy(() => import("./cars/CarShow")),
};
const auctions = {
  list: lazy(() => import("./auctions/AuctionList")),
  create: lazy(() => import("./auctions/AuctionCreate")),
  edit: lazy(() => import("./auctions/AuctionEdit")),
  show: lazy(() => import("./auctions/AuctionShow")),
};
const users = {
  list: lazy(() => import("./users/UserList")),
  create: lazy(() => import("./users/UserCreate")),
  edit: lazy(() => import("./users/UserEdit")),
};
const Amend = lazy(() => import("./auctions/Amend"));
const BidList = lazy(() => import("./bids/BidList"));
const FileList = lazy(() => import("./files/FileList"));
const FileEdit = lazy(() => import("./files/FileEdit"));
const LogList = lazy(() => import("./log/LogList"));
const tokens = {
  list: lazy(() => import("./tokens/TokenList")),
  create: lazy(() => import("./tokens/TokenCreate")),
};

const store = localStorageStore(undefined, "vendue-panel");
const named = (...names: string[]) => {
  return (row: Record<string, unknown>) =>
    names
      .map((name) => row[name] ?? "")
      .join(" ")
      .trim() || `${row.id}`;
};

// A page without the frame has nothing around it that would wait for its code.
const alone = (page: ReactElement) => <Suspense fallback={<LoadingPage />}>{page}</Suspense>;

export function Panel() {
  return (
    // A navigation as a transition comes after the store is reset: then react-admin signs out again and again.
    <BrowserRouter basename="/admin" useTransitions={false}>
      <AdminContext
        authProvider={authProvider}
        dataProvider={dataProvider}
        i18nProvider={i18nProvider}
        store={store}
        lightTheme={lightTheme}
        darkTheme={darkTheme}
        defaultTheme={undefined}
      >
        <CssBaseline enableColorScheme />
        <CoreAdminUI
          accessDenied={AccessDenied}
          authenticationError={AuthenticationError}
          catchAll={() => <NotFound />}
          error={Failure}
          layout={Frame}
          loading={LoadingPage}
          loginPage={alone(<SignIn />)}
          title="Vendue"
          requireAuth
          disableTelemetry
        >
          <CustomRoutes noLayout>
            <Route path={NOT_STAFF} element={alone(<NotStaff />)} />
          </CustomRoutes>
          <CustomRoutes>
            <Route path="/" element={<Navigate to="/board" replace />} />
            <Route path="/board" element={<Board />} />
            <Route path="/health" element={<Health />} />
            <Route path="/roles" element={<Roles />} />
            <Route path="/auctions/:id/amend" element={<Amend />} />
          </CustomRoutes>
          <Resource name="cars" {...cars} icon={ICONS.cars} recordRepresentation={named("year", "make", "model")} />
          <Resource name="auctions" {...auctions} icon={ICONS.auctions} recordRepresentation={named("title")} />
          <Resource name="bids" list={BidList} icon={ICONS.bids} recordRepresentation={named("alias")} />
          <Resource name="users" {...users} icon={ICONS.users} recordRepresentation={named("username")} />
          <Resource
            name="files"
            list={FileList}
            edit={FileEdit}
            icon={ICONS.files}
            recordRepresentation={named("name")}
          />
          <Resource name="audit-log" list={LogList} icon={ICONS["audit-log"]} />
          <Resource name="api-tokens" {...tokens} icon={ICONS["api-tokens"]} recordRepresentation={named("name")} />
        </CoreAdminUI>
        <Notification />
      </AdminContext>
    </BrowserRouter>
  );
}
