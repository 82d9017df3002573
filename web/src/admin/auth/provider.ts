// react-admin's questions about who is signed in, answered from the session that the bidding app has too.

import type { AuthProvider } from "react-admin";
import { ask } from "../../api/http";
import { currentSession, enter, signOut } from "../../api/session";
import type { User } from "../../api/types";
import { statusOf } from "../data/faults";
import { isStaff, may, whenKnown } from "./staff";

export const NOT_STAFF = "/not-staff";

export const authProvider: AuthProvider = {
  async login({ identifier, password }: { identifier: string; password: string }) {
    const asked = ask<{ jwt: string; user: User }>("/api/auth/local", {
      method: "POST",
      json: { identifier, password },
    });
    const { body } = await asked;
    enter(body);
    return { redirectTo: isStaff(body.user.role) ? "/" : NOT_STAFF };
  },
  async logout(params?: { leave?: boolean }) {
    const { token, user } = currentSession();
    // react-admin signs out whoever may not enter; a bidder stays signed in, and is told.
    if (token && !isStaff(user?.role) && !params?.leave) return NOT_STAFF;
    if (token) await signOut();
  },
  async checkAuth() {
    await whenKnown();
    const { token, user } = currentSession();
    if (!token) throw { message: false };
    if (!isStaff(user?.role)) throw { redirectTo: NOT_STAFF, logoutUser: false, message: false };
  },
  async checkError(error) {
    // Who signed out in another tab is nobody here too, and nobody is forbidden most of it.
    const barred = [401, 403].includes(statusOf(error) ?? 0);
    if (barred && !currentSession().token) throw { message: "vendue.signed_out" };
  },
  async getIdentity() {
    await whenKnown();
    const { user } = currentSession();
    return { id: user?.documentId ?? "", fullName: user?.username };
  },
  async getPermissions() {
    await whenKnown();
    return currentSession().user?.role ?? "public";
  },
  canAccess: async ({ resource, action }) => {
    await whenKnown();
    return may(resource, action);
  },
};
