import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { useLocation, useSearch } from "wouter";
import { useSession } from "../../live/use";
import { ButtonLink } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Loading } from "./Loading";
import { useTitle } from "./visits";

const ENTRY = ["/sign-in", "/register", "/forgot-password", "/reset-password"];

// Where to sign in, so that one comes back to where one is.
export function useSignInAddress(page = "/sign-in"): string {
  const [path] = useLocation();
  const search = useSearch();
  if (ENTRY.includes(path)) return search ? `${page}?${search}` : page;
  const here = search ? `${path}?${search}` : path;
  return here === "/" ? page : `${page}?next=${encodeURIComponent(here)}`;
}

// A page for who is signed in.
export function SignedIn({ children }: { children: ReactNode }) {
  const { user, known } = useSession();
  if (!known) return <Loading />;
  return user ? children : <SignInFirst />;
}

function SignInFirst() {
  const t = useTranslations("shell");
  const signIn = useSignInAddress();
  const register = useSignInAddress("/register");
  useTitle(t("signInFirst.title"));
  return (
    <Empty whole title={t("signInFirst.title")} text={t("signInFirst.text")}>
      <ButtonLink href={signIn} look="primary">
        {t("signIn")}
      </ButtonLink>
      <ButtonLink href={register}>{t("signInFirst.register")}</ButtonLink>
    </Empty>
  );
}
