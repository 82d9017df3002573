import { Component, type ReactNode } from "react";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";

interface FailureProps {
  title: string;
  text: string;
  reload: string;
  children: ReactNode;
}

// A page that fails says so, and leaves the rest of the app as it is.
export class Failure extends Component<FailureProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    const { title, text, reload, children } = this.props;
    if (!this.state.failed) return children;
    return (
      <div role="alert">
        <Empty whole title={title} text={text}>
          <Button look="primary" onClick={() => location.reload()}>
            {reload}
          </Button>
        </Empty>
      </div>
    );
  }
}
