"""Where codegen starts, by its script or by python -m codegen."""


def main() -> None:
    """Run the command; Ctrl-C and a closed pipe end it as they end cat, from the first moment."""
    try:
        import signal

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        if hasattr(signal, "SIGPIPE"):  # Windows has none
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    from codegen import cli

    cli.main()


if __name__ == "__main__":
    main()
