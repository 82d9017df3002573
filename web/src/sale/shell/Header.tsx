import { useTranslations } from "use-intl";
import { Link, useLocation } from "wouter";
import { useSession } from "../../live/use";
import { ButtonLink } from "../../parts/Button";
import { AccountMenu } from "./AccountMenu";
import { DisplayMenu } from "./DisplayMenu";
import css from "./Header.module.css";
import { LinkState } from "./LinkState";
import { isAt, PLACES } from "./places";
import { SearchField } from "./SearchField";
import { useSignInAddress } from "./SignedIn";

export function Header() {
  const t = useTranslations("shell");
  const [path] = useLocation();
  const { user, known } = useSession();
  const signIn = useSignInAddress();
  return (
    <header className={css.header}>
      <div className={css.inner}>
        <Link href="/" className={css.name}>
          <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
            <rect width="24" height="24" rx="7" fill="var(--accent)" />
            <path
              d="M6.500 7.500 12 17l5.500-9.500"
              fill="none"
              stroke="var(--on-accent)"
              strokeWidth="2.400"
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          </svg>
          Vendue
        </Link>
        <nav className={css.nav} aria-label={t("navigation")}>
          {PLACES.map(({ href, word }) => (
            <Link key={href} href={href} className={css.place} aria-current={isAt(href, path) ? "page" : undefined}>
              {t(word)}
            </Link>
          ))}
        </nav>
        <SearchField className={css.search} />
        <div className={css.end}>
          <LinkState />
          <DisplayMenu />
          {user && <AccountMenu user={user} />}
          {known && !user && (
            <ButtonLink href={signIn} look="primary" size="s">
              {t("signIn")}
            </ButtonLink>
          )}
        </div>
      </div>
    </header>
  );
}
