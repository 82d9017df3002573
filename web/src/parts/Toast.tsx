import { Toast as Base } from "@base-ui/react/toast";
import { useTranslations } from "use-intl";
import { Link } from "wouter";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import css from "./Toast.module.css";

export type Tone = "plain" | "leading" | "outbid" | "ending" | "danger";

interface ToastData {
  href?: string; // what it is about
}

const manager = Base.createToastManager<ToastData>();

interface Notice extends ToastData {
  title: string;
  text?: string;
  tone?: Tone;
  id?: string; // one with the same replaces it
}

// From anywhere, also outside React.
export function toast({ title, text, tone = "plain", href, id }: Notice): void {
  manager.add({
    id,
    title,
    description: text,
    type: tone,
    data: { href },
    timeout: 8_000,
    priority: tone === "outbid" ? "high" : "low",
  });
}

function List() {
  const { toasts } = Base.useToastManager<ToastData>();
  const t = useTranslations("parts");
  return toasts.map((each) => (
    <Base.Root
      key={each.id}
      toast={each}
      className={css.toast}
      data-tone={each.type}
      swipeDirection={["right", "down"]}
    >
      <Base.Content className={css.content}>
        <div>
          <Base.Title className={css.title}>
            {each.data?.href ? (
              <Link href={each.data.href} className={css.link} onClick={() => manager.close(each.id)}>
                {each.title}
              </Link>
            ) : (
              each.title
            )}
          </Base.Title>
          <Base.Description className={css.text} />
        </div>
        <Base.Close render={<IconButton label={t("close")} size="s" className={css.close} />}>
          <Icon name="close" />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}

export function Toasts() {
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport className={css.viewport}>
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}
