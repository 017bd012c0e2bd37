module launchway.invalid/oracle

go 1.26
