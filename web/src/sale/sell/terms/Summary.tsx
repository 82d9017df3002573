import css from "./Summary.module.css";

export const Summary = ({ sentences }: { sentences: string[] }) => (
  <ul className={css.summary}>
    {sentences.map((sentence) => (
      <li key={sentence}>{sentence}</li>
    ))}
  </ul>
);
