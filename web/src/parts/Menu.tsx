import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { Link } from "wouter";
import { Icon } from "./Icon";
import css from "./Menu.module.css";

interface MenuProps {
  trigger: ReactElement; // a button
  children: ReactNode;
}

export function Menu({ trigger, children }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={css.positioner} sideOffset={8} align="end" collisionPadding={8}>
          <Base.Popup className={css.popup}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Base.Item className={css.item} onClick={onClick}>
      {children}
    </Base.Item>
  );
}

// `outside` for an address that is not the app's.
export function MenuLink({ href, outside, children }: { href: string; outside?: boolean; children: ReactNode }) {
  const link = outside ? <a href={href}>{children}</a> : <Link href={href}>{children}</Link>;
  return <Base.Item className={css.item} nativeButton={false} render={link} />;
}

export const MenuSeparator = () => <Base.Separator className={css.separator} />;

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: { value: string; label: string }[];
}

// One of a few.
export function MenuChoice({ label, value, onChange, options }: ChoiceProps) {
  return (
    <Base.Group>
      <Base.GroupLabel className={css.label}>{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next) => onChange(String(next))}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={css.item}>
            {option.label}
            <Base.RadioItemIndicator className={css.mark}>
              <Icon name="check" />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}
