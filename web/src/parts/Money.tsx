import { useMoney } from "../words/Words";

interface MoneyProps {
  amount: number;
  currency: string;
  className?: string;
}

export function Money({ amount, currency, className }: MoneyProps) {
  const money = useMoney();
  return (
    <data className={className} value={amount} data-number>
      {money(amount, currency)}
    </data>
  );
}
