"""Where codegen starts, by its script or by python -m codegen."""

import sys


def main() -> None:
    """Run the command. A bug of codegen's own ends here, with a status that says so."""
    _end_on_signals()
    try:
        from codegen import cli

        cli.main()
    except Exception:
        from traceback import print_exc

        from codegen.errors import BUG

        print_exc()
        print("codegen: this is a bug in codegen; please report it", file=sys.stderr)
        raise SystemExit(BUG) from None


def _end_on_signals() -> None:
    """Let Ctrl-C and a closed pipe end codegen as they end cat, from the first moment on."""
    try:
        import signal

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        if hasattr(signal, "SIGPIPE"):  # Windows has none
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
