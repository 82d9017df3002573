import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { useLocation } from "wouter";
import { Notices } from "../notices/Notices";
import { Failure } from "./Failure";
import { Footer } from "./Footer";
import css from "./Frame.module.css";
import { Header } from "./Header";
import { LinkBanner } from "./LinkState";
import { TabBar } from "./TabBar";
import { useScrollToTop } from "./visits";

// What stands around every page.
export function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations("shell");
  const [path] = useLocation();
  useScrollToTop();
  return (
    <>
      <a className={css.skip} href="#main">
        {t("skip")}
      </a>
      <Header />
      <LinkBanner />
      <main id="main" className={css.main} tabIndex={-1}>
        <Failure key={path} title={t("failed.title")} text={t("failed.text")} reload={t("failed.reload")}>
          {children}
        </Failure>
      </main>
      <Footer />
      <TabBar />
      <Notices />
    </>
  );
}
