import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import css from "./Tabs.module.css";

interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  tabs: { value: T; label: ReactNode }[];
  beside?: ReactNode; // in the row of tabs, at its end
  children: ReactNode; // the open one's content
}

export function Tabs<T extends string>({ label, value, onChange, tabs, beside, children }: TabsProps<T>) {
  return (
    <Base.Root value={value} onValueChange={(next) => onChange(next as T)}>
      <div className={css.row}>
        <Base.List className={css.list} aria-label={label} activateOnFocus>
          {tabs.map((tab) => (
            <Base.Tab key={tab.value} value={tab.value} className={css.tab}>
              {tab.label}
            </Base.Tab>
          ))}
          <Base.Indicator className={css.indicator} />
        </Base.List>
        {beside}
      </div>
      <Base.Panel value={value} className={css.panel}>
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
