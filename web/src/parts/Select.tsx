import { Select as Base } from "@base-ui/react/select";
import { Icon } from "./Icon";
import menu from "./Menu.module.css";
import css from "./Select.module.css";

interface SelectProps<T extends string> {
  label: string;
  labelHidden?: boolean;
  value: T;
  onChange: (value: T) => void;
  options: { value: T; label: string }[];
  size?: "s" | "m";
}

export function Select<T extends string>({ label, labelHidden, value, onChange, options, size = "m" }: SelectProps<T>) {
  return (
    <Base.Root items={options} value={value} onValueChange={(next) => next !== null && onChange(next)} modal={false}>
      <div className={css.field}>
        <Base.Label className={labelHidden ? "unseen" : css.label}>{label}</Base.Label>
        <Base.Trigger className={`${css.trigger} ${css[size]}`}>
          <Base.Value className={css.value} />
          <Base.Icon className={css.icon}>
            <Icon name="down" />
          </Base.Icon>
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner
          className={menu.positioner}
          sideOffset={6}
          align="start"
          alignItemWithTrigger={false}
          collisionPadding={8}
        >
          <Base.Popup className={menu.popup}>
            <Base.List>
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} className={menu.item}>
                  <Base.ItemText>{option.label}</Base.ItemText>
                  <Base.ItemIndicator className={menu.mark}>
                    <Icon name="check" />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
