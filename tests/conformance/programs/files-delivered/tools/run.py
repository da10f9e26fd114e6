from lib import text

print(text.shout(open("data.json").read().strip()), end="")
