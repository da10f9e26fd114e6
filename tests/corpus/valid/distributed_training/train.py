"""Trains or evaluates a model of torchvision on shards; one process for each GPU."""

import argparse


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--arch", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--resume", required=True)
    parser.add_argument("--evaluate", action="store_true")
    return parser.parse_known_args()[0]


if __name__ == "__main__":
    print(parse())
