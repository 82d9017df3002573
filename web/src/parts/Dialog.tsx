import { Dialog as Base } from "@base-ui/react/dialog";
import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { IconButton } from "./Button";
import css from "./Dialog.module.css";
import { Icon } from "./Icon";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  size?: "s" | "m" | "full";
  onKey?: (event: KeyboardEvent) => void; // keys do not leave a dialog
  focus?: RefObject<HTMLElement | null>; // what has the focus first
  home?: RefObject<HTMLElement | null>; // what has it at the end, where what had it before is gone
}

// In the middle of a desk's screen, from below on a phone.
export function Dialog({ open, onClose, title, description, children, footer, size = "s", ...rest }: DialogProps) {
  const { onKey, focus, home } = rest;
  const t = useTranslations("parts");
  const opener = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (open) opener.current = document.activeElement;
  }, [open]);
  return (
    <Base.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Base.Portal>
        <Base.Backdrop className={css.backdrop} />
        <Base.Popup
          className={`${css.popup} ${css[size]}`}
          initialFocus={focus}
          onKeyDown={onKey}
          finalFocus={() => opener.current?.isConnected || (home?.current ?? true)}
        >
          <header className={css.head}>
            <Base.Title className={css.title}>{title}</Base.Title>
            <Base.Close render={<IconButton label={t("close")} size="s" />}>
              <Icon name="close" />
            </Base.Close>
          </header>
          {description && <Base.Description className={css.description}>{description}</Base.Description>}
          {children && <div className={css.body}>{children}</div>}
          {footer && <footer className={css.foot}>{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
