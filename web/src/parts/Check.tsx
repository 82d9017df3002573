import { Checkbox as Base } from "@base-ui/react/checkbox";
import { type ReactNode, useId } from "react";
import css from "./Check.module.css";
import { Icon } from "./Icon";

interface CheckProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export function Check({ label, hint, checked, onChange, disabled }: CheckProps) {
  const hintId = useId();
  return (
    <div className={css.check}>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control renders an input inside the label */}
      <label className={css.row}>
        <Base.Root
          className={css.box}
          checked={checked}
          onCheckedChange={onChange}
          disabled={disabled}
          aria-describedby={hint ? hintId : undefined}
        >
          <Base.Indicator className={css.mark}>
            <Icon name="check" size={16} />
          </Base.Indicator>
        </Base.Root>
        {label}
      </label>
      {hint && (
        <p id={hintId} className={css.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
