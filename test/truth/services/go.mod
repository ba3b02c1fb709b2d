module truthservices

go 1.25
