from homeshore.cli import main

main()
