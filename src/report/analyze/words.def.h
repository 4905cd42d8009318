/* words.def.h — what words in a column's name say about it. WORD(role, word, weight)
 *
 * A name is cut into lower-case words at everything that is no letter or digit and where a capital follows a small
 * letter: `unitPrice`, `unit_price` and `Unit price` are unit + price. The weights of the words of a name are added for
 * each role; 8 and more is a name that hardly means anything else, 3 is a hint that values have to confirm. Negative
 * weights speak against. A few words of German, French and Spanish are here because spreadsheets are written in them.
 */
WORD(AMOUNT, revenue, 10)   WORD(AMOUNT, revenues, 10)  WORD(AMOUNT, sales, 9)      WORD(AMOUNT, turnover, 9)
WORD(AMOUNT, amount, 9)     WORD(AMOUNT, amt, 8)        WORD(AMOUNT, subtotal, 8)   WORD(AMOUNT, gmv, 9)
WORD(AMOUNT, proceeds, 9)   WORD(AMOUNT, total, 6)      WORD(AMOUNT, profit, 6)     WORD(AMOUNT, spend, 5)
WORD(AMOUNT, spending, 5)   WORD(AMOUNT, cost, 5)       WORD(AMOUNT, costs, 5)      WORD(AMOUNT, bill, 5)
WORD(AMOUNT, payment, 5)    WORD(AMOUNT, payments, 5)   WORD(AMOUNT, charge, 4)     WORD(AMOUNT, fare, 4)
WORD(AMOUNT, fee, 4)        WORD(AMOUNT, tip, 3)        WORD(AMOUNT, tolls, 3)      WORD(AMOUNT, tax, 3)
WORD(AMOUNT, net, 3)        WORD(AMOUNT, gross, 4)      WORD(AMOUNT, income, 4)     WORD(AMOUNT, value, 3)
WORD(AMOUNT, budget, 4)     WORD(AMOUNT, expense, 6)    WORD(AMOUNT, expenses, 6)   WORD(AMOUNT, umsatz, 10)
WORD(AMOUNT, betrag, 9)     WORD(AMOUNT, summe, 6)      WORD(AMOUNT, montant, 9)    WORD(AMOUNT, importe, 9)
WORD(AMOUNT, ventas, 9)     WORD(AMOUNT, ventes, 9)     WORD(AMOUNT, usd, 3)        WORD(AMOUNT, eur, 3)
WORD(AMOUNT, gbp, 3)        WORD(AMOUNT, dollars, 3)    WORD(AMOUNT, euro, 3)       WORD(AMOUNT, euros, 3)
WORD(AMOUNT, rooms, -6)     WORD(AMOUNT, bedrooms, -6)  WORD(AMOUNT, gain, 2)       WORD(AMOUNT, loss, 2)

WORD(PRICE, price, 9)       WORD(PRICE, prices, 9)      WORD(PRICE, msrp, 8)        WORD(PRICE, preis, 9)
WORD(PRICE, prix, 9)        WORD(PRICE, precio, 9)      WORD(PRICE, stueckpreis, 9) WORD(PRICE, einzelpreis, 10)
WORD(PRICE, unitprice, 10)

WORD(QUANTITY, quantity, 10) WORD(QUANTITY, qty, 10)    WORD(QUANTITY, quantities, 10) WORD(QUANTITY, units, 8)
WORD(QUANTITY, pieces, 8)   WORD(QUANTITY, pcs, 8)      WORD(QUANTITY, sold, 5)     WORD(QUANTITY, items, 5)
WORD(QUANTITY, count, 4)    WORD(QUANTITY, passengers, 5) WORD(QUANTITY, menge, 10) WORD(QUANTITY, anzahl, 9)
WORD(QUANTITY, stueck, 8)   WORD(QUANTITY, cantidad, 10) WORD(QUANTITY, quantite, 10)

WORD(CATEGORY, region, 10)  WORD(CATEGORY, country, 9)  WORD(CATEGORY, territory, 9) WORD(CATEGORY, segment, 8)
WORD(CATEGORY, channel, 7)  WORD(CATEGORY, department, 8) WORD(CATEGORY, category, 8) WORD(CATEGORY, division, 7)
WORD(CATEGORY, market, 7)   WORD(CATEGORY, state, 7)    WORD(CATEGORY, branch, 7)   WORD(CATEGORY, store, 6)
WORD(CATEGORY, area, 5)     WORD(CATEGORY, borough, 6)  WORD(CATEGORY, continent, 8) WORD(CATEGORY, city, 5)
WORD(CATEGORY, type, 5)     WORD(CATEGORY, kind, 5)     WORD(CATEGORY, group, 5)    WORD(CATEGORY, class, 4)
WORD(CATEGORY, status, 4)   WORD(CATEGORY, payment, 3)  WORD(CATEGORY, method, 3)   WORD(CATEGORY, land, 6)
WORD(CATEGORY, species, 6)  WORD(CATEGORY, origin, 4)   WORD(CATEGORY, day, 3)      WORD(CATEGORY, pays, 6)

WORD(PRODUCT, product, 10)  WORD(PRODUCT, products, 10) WORD(PRODUCT, sku, 9)       WORD(PRODUCT, article, 8)
WORD(PRODUCT, item, 8)      WORD(PRODUCT, artikel, 9)   WORD(PRODUCT, produkt, 10)  WORD(PRODUCT, producto, 10)
WORD(PRODUCT, produit, 10)  WORD(PRODUCT, service, 5)   WORD(PRODUCT, model, 5)     WORD(PRODUCT, title, 4)
WORD(PRODUCT, description, 4) WORD(PRODUCT, dish, 8)    WORD(PRODUCT, plan, 4)

WORD(KEY, customer, 10)     WORD(KEY, client, 9)        WORD(KEY, buyer, 9)         WORD(KEY, user, 8)
WORD(KEY, member, 8)        WORD(KEY, account, 7)       WORD(KEY, patient, 9)       WORD(KEY, kunde, 10)
WORD(KEY, cliente, 10)      WORD(KEY, employee, 7)      WORD(KEY, supplier, 6)      WORD(KEY, vendor, 6)

WORD(ID, id, 8)             WORD(ID, uuid, 10)          WORD(ID, guid, 10)          WORD(ID, key, 5)
WORD(ID, identifier, 9)     WORD(ID, rownames, 10)      WORD(ID, rowid, 10)         WORD(ID, row, 4)
WORD(ID, index, 5)          WORD(ID, no, 4)             WORD(ID, nr, 4)             WORD(ID, number, 3)
WORD(ID, invoice, 6)        WORD(ID, order, 3)          WORD(ID, reference, 6)      WORD(ID, ref, 5)
WORD(ID, transaction, 4)    WORD(ID, receipt, 5)        WORD(ID, serial, 6)         WORD(ID, tailnum, 8)

WORD(CODE, zip, 10)         WORD(CODE, zipcode, 10)     WORD(CODE, postal, 8)       WORD(CODE, postcode, 10)
WORD(CODE, plz, 10)         WORD(CODE, phone, 9)        WORD(CODE, telephone, 9)    WORD(CODE, fax, 9)
WORD(CODE, fips, 10)        WORD(CODE, isbn, 10)        WORD(CODE, ean, 9)          WORD(CODE, iban, 10)
WORD(CODE, code, 6)         WORD(CODE, flight, 4)       WORD(CODE, ssn, 10)

WORD(DATE, date, 9)         WORD(DATE, datum, 9)        WORD(DATE, fecha, 9)        WORD(DATE, timestamp, 9)
WORD(DATE, datetime, 9)     WORD(DATE, time, 5)         WORD(DATE, ordered, 5)      WORD(DATE, order, 3)
WORD(DATE, created, 5)      WORD(DATE, sold, 4)         WORD(DATE, invoice, 3)      WORD(DATE, pickup, 4)
WORD(DATE, day, 4)          WORD(DATE, updated, -4)     WORD(DATE, birth, -6)       WORD(DATE, delivery, -2)
WORD(DATE, ship, -2)        WORD(DATE, shipped, -2)     WORD(DATE, due, -3)         WORD(DATE, dropoff, -2)

WORD(TIME_PART, year, 10)   WORD(TIME_PART, yr, 9)      WORD(TIME_PART, month, 10)  WORD(TIME_PART, day, 9)
WORD(TIME_PART, weekday, 10) WORD(TIME_PART, hour, 10)  WORD(TIME_PART, minute, 9)  WORD(TIME_PART, quarter, 9)
WORD(TIME_PART, week, 9)    WORD(TIME_PART, jahr, 10)   WORD(TIME_PART, monat, 10)

WORD(PLACE, lat, 9)         WORD(PLACE, latitude, 10)   WORD(PLACE, lon, 9)         WORD(PLACE, lng, 9)
WORD(PLACE, long, 6)        WORD(PLACE, longitude, 10)

WORD(MEASURE, rate, 7)      WORD(MEASURE, ratio, 9)     WORD(MEASURE, pct, 9)       WORD(MEASURE, percent, 9)
WORD(MEASURE, percentage, 9) WORD(MEASURE, share, 6)    WORD(MEASURE, average, 9)   WORD(MEASURE, avg, 9)
WORD(MEASURE, mean, 9)      WORD(MEASURE, median, 9)    WORD(MEASURE, score, 6)     WORD(MEASURE, rating, 8)
WORD(MEASURE, index, 4)     WORD(MEASURE, temperature, 9) WORD(MEASURE, temp, 8)    WORD(MEASURE, age, 8)
WORD(MEASURE, speed, 8)     WORD(MEASURE, pressure, 8)  WORD(MEASURE, humidity, 9)  WORD(MEASURE, probability, 9)
WORD(MEASURE, expectancy, 9) WORD(MEASURE, per, 6)      WORD(MEASURE, discount, 5)  WORD(MEASURE, margin, 5)
WORD(MEASURE, tz, 8)        WORD(MEASURE, min, 4)       WORD(MEASURE, max, 4)       WORD(MEASURE, capita, 9)
WORD(MEASURE, mm, 6)        WORD(MEASURE, cm, 6)        WORD(MEASURE, km, 6)        WORD(MEASURE, kg, 6)
WORD(MEASURE, length, 6)    WORD(MEASURE, depth, 6)     WORD(MEASURE, width, 6)     WORD(MEASURE, height, 6)
WORD(MEASURE, weight, 5)    WORD(MEASURE, mass, 5)      WORD(MEASURE, distance, 5)  WORD(MEASURE, density, 8)
