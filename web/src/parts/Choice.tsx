import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { type ReactNode, useId } from "react";
import css from "./Choice.module.css";

interface ChoiceProps<T extends string> {
  label: ReactNode;
  value: T;
  onChange: (value: T) => void;
  options: { value: T; label: ReactNode; hint?: ReactNode }[];
  error?: string | undefined;
}

// One of a few, each explained.
export function Choice<T extends string>({ label, value, onChange, options, error }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className={css.choice}>
      <span id={id} className={css.label}>
        {label}
      </span>
      <RadioGroup className={css.options} value={value} onValueChange={(next) => onChange(next)} aria-labelledby={id}>
        {options.map((option) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the control renders an input inside the label
          <label key={option.value} className={css.option} data-chosen={option.value === value || undefined}>
            <Radio.Root
              value={option.value}
              className={css.dot}
              aria-labelledby={`${id}-${option.value}-name`}
              aria-describedby={`${id}-${option.value}`}
            >
              <Radio.Indicator className={css.mark} />
            </Radio.Root>
            <span>
              <span id={`${id}-${option.value}-name`} className={css.name}>
                {option.label}
              </span>
              {option.hint && (
                <span id={`${id}-${option.value}`} className={css.hint}>
                  {option.hint}
                </span>
              )}
            </span>
          </label>
        ))}
      </RadioGroup>
      {error && <p className={css.error}>{error}</p>}
    </div>
  );
}
