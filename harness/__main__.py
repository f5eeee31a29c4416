"""``python -m xindaya``."""

from xindaya.cli import main

if __name__ == "__main__":
    main()
