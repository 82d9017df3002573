import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Link } from "wouter";
import css from "./Button.module.css";

export type Look = "primary" | "quiet" | "plain" | "danger";

interface Common {
  look?: Look;
  size?: "s" | "m" | "l";
  wide?: boolean;
}

const classes = ({ look = "quiet", size = "m", wide }: Common, more = "") =>
  [css.button, css[look], css[size], wide ? css.wide : "", more].filter(Boolean).join(" ");

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, Common {
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

// While busy it keeps the focus and does nothing.
export function Button({ look, size, wide, busy, className, onClick, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes({ look, size, wide }, className)}
      aria-disabled={busy || rest["aria-disabled"]}
      data-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy && <span className={css.spinner} aria-hidden="true" />}
      {children}
    </button>
  );
}

interface ButtonLinkProps extends Common {
  href: string;
  className?: string;
  children: ReactNode;
}

export function ButtonLink({ href, look, size, wide, className, children }: ButtonLinkProps) {
  return (
    <Link href={href} className={classes({ look, size, wide }, className)}>
      {children}
    </Link>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "wide"> {
  label: string;
}

export function IconButton({ label, className = "", ...rest }: IconButtonProps) {
  return <Button look="plain" {...rest} aria-label={label} title={label} className={`${css.icon} ${className}`} />;
}
